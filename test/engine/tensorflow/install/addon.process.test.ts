import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { buildAddon } from '../../../../src/engine/tensorflow/install/addon.ts'
import { findTarget } from '../../../../src/engine/tensorflow/install/target.ts'
import { findToolchain, type Toolchain } from '../../../../src/engine/tensorflow/install/toolchain.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'

/** Its calls of stand-ins for TensorFlow's libraries; and whether a library of CUDA's name is in the process. */
const BINDING = `#include <dlfcn.h>
#include <node_api.h>
#include "tensorflow/c/c_api.h"
napi_value Init(napi_env env, napi_value exports) {
  napi_value answer, cuda;
  napi_create_int32(env, TF_Answer(), &answer);
  napi_set_named_property(env, exports, "answer", answer);
  napi_get_boolean(env, dlopen("libcudart.so.12", RTLD_NOLOAD | RTLD_LAZY) != nullptr, &cuda);
  napi_set_named_property(env, exports, "cuda", cuda);
  return exports;
}
NAPI_MODULE(tfjs_binding, Init)
`

function toolchain(): { readonly tools?: Toolchain; readonly lacks?: string } {
  if (process.platform !== 'linux') return { lacks: 'the stand-ins are for Linux' }
  try {
    const tools = findToolchain()
    return tools.headers === undefined ? { lacks: 'there are no headers of Node' } : { tools }
  } catch (error) {
    return { lacks: String(error) }
  }
}

const { tools, lacks } = toolchain()

test('the addon finds the libraries from where it lies, and brings those of CUDA into the process', async ({
  skip,
}) => {
  if (!tools) return skip(lacks)
  const root = temporaryFolder()
  // A space, which makefiles do not like.
  const stage = join(root, 'my project')
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(stage, path)), { recursive: true })
    writeFileSync(join(stage, path), text)
  }
  const library = (path: string, source: string) => {
    write(`${path}.cc`, source)
    const name = path.slice(path.lastIndexOf('/') + 1)
    execFileSync('g++', ['-shared', '-fPIC', `-Wl,-soname,${name}`, '-o', join(stage, path), join(stage, `${path}.cc`)])
  }
  write('tensorflow/include/tensorflow/c/c_api.h', 'extern "C" int TF_Answer();')
  library('tensorflow/libtensorflow_cc.so.2', 'extern "C" int TF_Answer() { return 42; }')
  library('tensorflow/libtensorflow_framework.so.2', '')
  library('nvidia/cuda_runtime/lib/libcudart.so.12', '')
  write('tfjs-node/binding/tfjs_backend.cc', '')
  write('tfjs-node/binding/tfjs_binding.cc', BINDING)
  await buildAddon(stage, findTarget('linux-x64'), tools)
  const moved = join(root, 'moved')
  renameSync(stage, moved)
  const addon: unknown = createRequire(import.meta.url)(join(moved, 'addon/tfjs_binding.node'))
  expect(addon).toEqual({ answer: 42, cuda: true })
})

test("what the compiler says is the error's cause", async ({ skip }) => {
  if (!tools) return skip(lacks)
  const stage = temporaryFolder()
  mkdirSync(join(stage, 'tfjs-node/binding'), { recursive: true })
  writeFileSync(join(stage, 'tfjs-node/binding/tfjs_backend.cc'), '#include "tensorflow/c/c_api.h"\n')
  writeFileSync(join(stage, 'tfjs-node/binding/tfjs_binding.cc'), '')
  await expect(buildAddon(stage, findTarget('linux-x64'), tools)).rejects.toMatchObject({
    code: 'engine.install',
    cause: expect.objectContaining({ message: expect.stringMatching(/c_api\.h/) }),
  })
})
