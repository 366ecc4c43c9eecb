import type { DataType, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import { sizeOf } from '../../numerics/size-of.ts'
import type { Tf } from '../../study/engine.ts'
import type { Operation } from '../fusion/expression.ts'
import { runOperations } from '../fusion/operations.ts'
import type { Program, Reference } from '../fusion/program.ts'
import { ELEMENTWISE, type KernelCall, kernelCalls } from '../fusion/run-programs.ts'

const WORKGROUP = 256

/** What is used of the back end of tfjs, most of which its types hide. */
interface WebGPU {
  readonly device: GPUDevice
  readonly commandEncoder: GPUCommandEncoder
  readonly commandQueueOwnedIds: WeakSet<object>
  computePassEncoder: GPUComputePassEncoder | null
  dispatchCountInPass: number
  makeTensorInfo(shape: readonly number[], dtype: DataType): TensorInfo
  uploadToGPU(dataId: object): void
  tensorToBinding(tensor: TensorInfo): GPUBindingResource
  makeUniforms(uniforms: readonly { type: 'uint32' | 'float32'; data: number[] }[]): GPUBindingResource
  ensureCommandEncoderReady(): void
  endComputePassEncoder(): void
  submitQueue(): void
}

/** Fused elementwise arithmetic: each program is compiled when it first comes, and is one dispatch with all its outputs. */
export function registerElementwise(tf: Tf): void {
  if (tf.getKernel(ELEMENTWISE, 'webgpu')) return
  const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>()

  function pipelineOf(device: GPUDevice, program: Program): GPUComputePipeline {
    const known = pipelines.get(device) ?? new Map<string, GPUComputePipeline>()
    pipelines.set(device, known)
    const pipeline = known.get(program.key) ?? compile(device, program)
    known.set(program.key, pipeline)
    return pipeline
  }

  function runCall(backend: WebGPU, call: KernelCall): TensorInfo[] {
    const { program, inputs, numbers, shape } = call
    const size = sizeOf(shape)
    const { maxStorageBuffersPerShaderStage } = backend.device.limits
    if (size === 0 || inputs.length + program.outputs.length > maxStorageBuffersPerShaderStage) {
      return runOperations(tf, call)
    }
    const outputs = program.outputs.map(() => backend.makeTensorInfo(shape, 'float32'))
    record(backend, pipelineOf(backend.device, program), [...outputs, ...inputs], numbers, size)
    if (backend.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
      backend.endComputePassEncoder()
      backend.submitQueue()
    }
    return outputs
  }

  const kernelFunc: KernelFunc = (params) => {
    const { backend } = params
    if (!isWebGPU(backend)) throw new DynotuneError('internal', 'The WebGPU back end is not that of 4.22.')
    return kernelCalls(tf, params).flatMap((call) => runCall(backend, call))
  }
  tf.registerKernel({ kernelName: ELEMENTWISE, backendName: 'webgpu', kernelFunc })
}

/** Records a dispatch among those of the back end itself. */
function record(
  backend: WebGPU,
  pipeline: GPUComputePipeline,
  tensors: readonly TensorInfo[],
  numbers: readonly number[],
  size: number,
): void {
  const buffers = tensors.map((tensor) => {
    backend.uploadToGPU(tensor.dataId)
    backend.commandQueueOwnedIds.add(tensor.dataId)
    return backend.tensorToBinding(tensor)
  })
  const uniforms = backend.makeUniforms([
    { type: 'uint32', data: [size] },
    ...numbers.map((value) => ({ type: 'float32' as const, data: [value] })),
  ])
  const bindGroup = backend.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [...buffers, uniforms].map((resource, binding) => ({ binding, resource })),
  })
  backend.ensureCommandEncoderReady()
  backend.computePassEncoder ??= backend.commandEncoder.beginComputePass()
  const pass = backend.computePassEncoder
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, bindGroup)
  const { maxComputeWorkgroupsPerDimension } = backend.device.limits
  pass.dispatchWorkgroups(Math.min(Math.ceil(size / WORKGROUP), maxComputeWorkgroupsPerDimension))
  backend.dispatchCountInPass++
}

function isWebGPU(backend: unknown): backend is WebGPU {
  return (
    typeof backend === 'object' &&
    backend !== null &&
    ['makeTensorInfo', 'uploadToGPU', 'tensorToBinding', 'makeUniforms', 'ensureCommandEncoderReady'].every(
      (name) => typeof Reflect.get(backend, name) === 'function',
    )
  )
}

function compile(device: GPUDevice, program: Program): GPUComputePipeline {
  return device.createComputePipeline({
    label: ELEMENTWISE,
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: shaderOf(program) }) },
  })
}

/** Bound are the outputs, the inputs, and the size with the program's numbers. */
export function shaderOf({ scalars, numbers, lines, outputs }: Program): string {
  const buffer = (binding: number, access: string, name: string) =>
    `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<f32>;`
  return [
    ...outputs.map((_, i) => buffer(i, 'read_write', `y${i}`)),
    ...scalars.map((_, i) => buffer(outputs.length + i, 'read', `x${i}`)),
    `struct Uniforms { size: u32, ${Array.from({ length: numbers }, (_, i) => `n${i}: f32, `).join('')}}`,
    `@group(0) @binding(${outputs.length + scalars.length}) var<uniform> u: Uniforms;`,
    `@compute @workgroup_size(${WORKGROUP})`,
    'fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {',
    `for (var i = id.x; i < u.size; i += groups.x * ${WORKGROUP}u) {`,
    ...scalars.map((scalar, i) => `let v${i} = x${i}[${scalar ? '0' : 'i'}];`),
    ...lines.map(({ operation, operands }, i) => `let l${i} = ${expression(operation, operands)};`),
    ...outputs.map((line, i) => `y${i}[i] = l${line};`),
    '}}',
  ].join('\n')
}

function expression(operation: Operation, operands: readonly Reference[]): string {
  const [a, b, c] = operands.map(({ from, index }) => `${{ input: 'v', number: 'u.n', line: 'l' }[from]}${index}`)
  switch (operation) {
    case 'add':
      return `${a} + ${b}`
    case 'sub':
      return `${a} - ${b}`
    case 'mul':
      return `${a} * ${b}`
    case 'div':
      return `${a} / ${b}`
    case 'neg':
      return `-${a}`
    case 'greater':
      return `select(0.0, 1.0, ${a} > ${b})`
    case 'select':
      return `select(${c}, ${b}, ${a} != 0.0)`
    default:
      return `${operation}(${[a, b].slice(0, operands.length).join()})`
  }
}
