/*
 * TensorFlow's operation `DynotunePrograms`: elementwise arithmetic that is put together at run time, in one pass over
 * memory. Programs run in blocks that stay in the processor's nearest cache, line by line, on TensorFlow's own threads.
 *
 * What a block computes depends neither on threads nor on the machine: no products and sums are contracted, and sums add
 * up blocks in their order.
 */
#include <node_api.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include "tensorflow/core/common_runtime/dma_helper.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/util/work_sharder.h"

#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("default", "avx2", "arch=x86-64-v4")))
#else
#define FOR_EACH_PROCESSOR
#endif
#define INLINED inline __attribute__((always_inline))
#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace {

using tensorflow::OpKernel;
using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;

/** Elements that are computed at a time. */
constexpr int64_t kBlock = 1024;

/** In the order of OPERATIONS in fusion/expression.ts; then what only `Merge` makes: a product with something added to it. */
enum Operation { kAdd, kSub, kMul, kDiv, kMax, kMin, kGreater, kNeg, kAbs, kSqrt, kSelect, kOperations, kMulAdd };

/** Where a value is: an input, a number, or what a line computed. */
struct Place {
  enum Kind { kInput, kNumber, kLine } kind;
  int index;
};

struct Line {
  Operation operation;
  Place operands[3];
  /** Whether the only line that reads it computes it too. */
  bool is_merged = false;
  /** The output that it is written to at once, or else -1. */
  int output = -1;
  /** The scratch block that it is written to otherwise. */
  int scratch = -1;
};

struct Output {
  int line;
  /** The input whose memory it may take, or else -1. */
  int taken = -1;
  /** Whether it is copied after all lines, since they read what is where it goes. */
  bool is_late = false;
};

struct Program {
  std::vector<bool> is_scalar;
  int numbers = 0;
  std::vector<Line> lines;
  std::vector<Output> outputs;
  bool is_sum = false;
  int scratches = 0;
  /** The input that the outputs have the shape of. */
  int shape_input = -1;
};

/** Has sums compute the products that only they read, rounded as before: half of the lines of a moving average. */
void Merge(Program& program) {
  std::vector<int> reads(program.lines.size());
  for (const Line& line : program.lines) {
    for (const Place& place : line.operands) {
      if (place.kind == Place::kLine) reads[place.index]++;
    }
  }
  for (const Output& output : program.outputs) reads[output.line]++;
  for (Line& line : program.lines) {
    if (line.operation != kAdd) continue;
    for (const int k : {0, 1}) {
      const Place place = line.operands[k];
      // The third operand of what has two repeats the first.
      if (place.kind != Place::kLine || reads[place.index] > (k == 0 ? 2 : 1)) continue;
      Line& product = program.lines[place.index];
      if (product.operation != kMul) continue;
      line = {kMulAdd, {product.operands[0], product.operands[1], line.operands[1 - k]}};
      product.is_merged = true;
      break;
    }
  }
}

/** Reads what `codeOf` of program-code.ts writes. Returns whether it was that. */
bool Parse(std::istream& in, Program& program) {
  int inputs, lines, outputs, sum;
  if (!(in >> sum >> inputs >> program.numbers) || inputs < 0 || program.numbers < 0) return false;
  program.is_sum = sum != 0;
  std::vector<bool> is_spent;
  for (int i = 0; i < inputs; i++) {
    int scalar, spent;
    if (!(in >> scalar >> spent)) return false;
    program.is_scalar.push_back(scalar != 0);
    is_spent.push_back(spent != 0 && !scalar);
    if (!scalar && program.shape_input < 0) program.shape_input = i;
  }
  if (!(in >> lines) || lines < 0) return false;
  for (int i = 0; i < lines; i++) {
    Line line;
    int operation;
    if (!(in >> operation) || operation < 0 || operation >= kOperations) return false;
    line.operation = static_cast<Operation>(operation);
    const int count = operation >= kNeg && operation <= kSqrt ? 1 : operation == kSelect ? 3 : 2;
    for (int k = 0; k < 3; k++) {
      int place = 0;
      if (k < count && (!(in >> place) || place < 0 || place >= inputs + program.numbers + i)) return false;
      if (k >= count) {
        line.operands[k] = line.operands[0];
      } else if (place < inputs) {
        line.operands[k] = {Place::kInput, place};
      } else if (place < inputs + program.numbers) {
        line.operands[k] = {Place::kNumber, place - inputs};
      } else {
        line.operands[k] = {Place::kLine, place - inputs - program.numbers};
      }
    }
    program.lines.push_back(line);
  }
  if (!(in >> outputs) || outputs < 1 || program.shape_input < 0) return false;
  for (int i = 0; i < outputs; i++) {
    Output output;
    if (!(in >> output.line) || output.line < 0 || output.line >= lines) return false;
    program.outputs.push_back(output);
  }
  Merge(program);
  if (program.is_sum) return true;

  std::vector<int> last_read(inputs, -1);
  for (int i = 0; i < lines; i++) {
    if (program.lines[i].is_merged) continue;
    for (const Place& place : program.lines[i].operands) {
      if (place.kind == Place::kInput) last_read[place.index] = i;
    }
  }
  // Best where the last line that reads an input comes before, or is, the one that writes.
  for (const bool is_late : {false, true}) {
    for (auto& output : program.outputs) {
      for (int i = 0; i < inputs && output.taken < 0; i++) {
        if (!is_spent[i] || (!is_late && last_read[i] > output.line)) continue;
        output.taken = i;
        output.is_late = is_late;
        is_spent[i] = false;
      }
    }
  }
  for (int i = 0; i < outputs; i++) {
    Output& output = program.outputs[i];
    int& place = program.lines[output.line].output;
    if (place >= 0) output.is_late = true;
    if (!output.is_late) place = i;
  }
  return true;
}

/** Gives lines scratch blocks, each free again after the last line that reads it. */
void Allocate(Program& program) {
  const int lines = program.lines.size();
  std::vector<int> last_read(lines, -1);
  for (int i = 0; i < lines; i++) {
    if (program.lines[i].is_merged) continue;
    for (const Place& place : program.lines[i].operands) {
      if (place.kind == Place::kLine) last_read[place.index] = i;
    }
  }
  for (const Output& output : program.outputs) {
    if (output.is_late || program.is_sum) last_read[output.line] = lines;
  }
  std::vector<int> free;
  for (int i = 0; i < lines; i++) {
    Line& line = program.lines[i];
    if (line.is_merged) continue;
    // What is read here for the last time may be written to here: element by element it is read before.
    for (int k = 0; k < 3; k++) {
      const Place& place = line.operands[k];
      if (place.kind != Place::kLine || last_read[place.index] != i || program.lines[place.index].output >= 0) continue;
      last_read[place.index] = -1;
      free.push_back(program.lines[place.index].scratch);
    }
    if (line.output >= 0) continue;
    if (free.empty()) free.push_back(program.scratches++);
    line.scratch = free.back();
    free.pop_back();
  }
}

/** Numbers of a block, or one that stands for all. */
struct Values {
  const float* at;
  bool is_single;
};

template <typename F>
INLINED void Map(int64_t size, float* to, const float* a, F f) {
  INDEPENDENT
  for (int64_t i = 0; i < size; i++) to[i] = f(a[i]);
}

template <typename F>
INLINED void Map(int64_t size, float* to, Values x, Values y, F f) {
  const float* a = x.at;
  const float* b = y.at;
  if (x.is_single && y.is_single) {
    const float value = f(*a, *b);
    INDEPENDENT
    for (int64_t i = 0; i < size; i++) to[i] = value;
  } else if (x.is_single) {
    const float value = *a;
    INDEPENDENT
    for (int64_t i = 0; i < size; i++) to[i] = f(value, b[i]);
  } else if (y.is_single) {
    const float value = *b;
    INDEPENDENT
    for (int64_t i = 0; i < size; i++) to[i] = f(a[i], value);
  } else {
    INDEPENDENT
    for (int64_t i = 0; i < size; i++) to[i] = f(a[i], b[i]);
  }
}

INLINED void MapMulAdd(int64_t size, float* to, Values x, Values y, Values z) {
  if (x.is_single) std::swap(x, y);
  const float* a = x.at;
  const float* b = y.at;
  const float* c = z.at;
  if (x.is_single) {
    const float product = *a * *b;
    Map(size, to, {&product, true}, z, [](float first, float second) { return first + second; });
  } else if (y.is_single && z.is_single) {
    const float factor = *b, summand = *c;
    INDEPENDENT
    for (int64_t i = 0; i < size; i++) to[i] = a[i] * factor + summand;
  } else if (y.is_single) {
    const float factor = *b;
    INDEPENDENT
    for (int64_t i = 0; i < size; i++) to[i] = a[i] * factor + c[i];
  } else if (z.is_single) {
    const float summand = *c;
    INDEPENDENT
    for (int64_t i = 0; i < size; i++) to[i] = a[i] * b[i] + summand;
  } else {
    INDEPENDENT
    for (int64_t i = 0; i < size; i++) to[i] = a[i] * b[i] + c[i];
  }
}

/** The block of a value that is one for all elements. */
INLINED const float* Spread(Values x, int64_t size, float* room) {
  if (!x.is_single) return x.at;
  const float value = *x.at;
  for (int64_t i = 0; i < size; i++) room[i] = value;
  return room;
}

/** One line of a program over one block. `to` may be where an operand is. */
FOR_EACH_PROCESSOR
void Run(Operation operation, int64_t size, float* to, Values x, Values y, Values z) {
  alignas(64) float rooms[3][kBlock];
  switch (operation) {
    case kAdd:
      return Map(size, to, x, y, [](float a, float b) { return a + b; });
    case kSub:
      return Map(size, to, x, y, [](float a, float b) { return a - b; });
    case kMul:
      return Map(size, to, x, y, [](float a, float b) { return a * b; });
    case kDiv:
      return Map(size, to, x, y, [](float a, float b) { return a / b; });
    case kMulAdd:
      return MapMulAdd(size, to, x, y, z);
    // NaN where an operand is.
    case kMax:
      return Map(size, to, x, y, [](float a, float b) { return (a > b) | (a != a) ? a : b; });
    case kMin:
      return Map(size, to, x, y, [](float a, float b) { return (a < b) | (a != a) ? a : b; });
    case kGreater:
      return Map(size, to, x, y, [](float a, float b) { return a > b ? 1.0f : 0.0f; });
    case kNeg:
      return Map(size, to, Spread(x, size, rooms[0]), [](float a) { return -a; });
    case kAbs:
      return Map(size, to, Spread(x, size, rooms[0]), [](float a) { return std::fabs(a); });
    case kSqrt:
      return Map(size, to, Spread(x, size, rooms[0]), [](float a) { return std::sqrt(a); });
    default: {
      const float* condition = Spread(x, size, rooms[0]);
      const float* a = Spread(y, size, rooms[1]);
      const float* b = Spread(z, size, rooms[2]);
      INDEPENDENT
      for (int64_t i = 0; i < size; i++) {
        const float yes = a[i], no = b[i];
        to[i] = condition[i] != 0.0f ? yes : no;
      }
    }
  }
}

/** In 16 sums side by side, whatever the machine's vectors hold. */
FOR_EACH_PROCESSOR
double Sum(int64_t size, const float* values) {
  float lanes[16] = {};
  int64_t i = 0;
  for (; i + 16 <= size; i += 16) {
    for (int k = 0; k < 16; k++) lanes[k] += values[i + k];
  }
  double sum = 0;
  for (const float lane : lanes) sum += lane;
  for (; i < size; i++) sum += values[i];
  return sum;
}

/** A program with what it is called on. */
struct Call {
  const Program* program;
  std::vector<const float*> inputs;
  std::vector<float*> outputs;
  const float* numbers;
  int64_t size;
  int64_t first_block;
  /** Of each output, where the sums of its blocks are. */
  std::vector<double*> sums;
};

void RunBlock(const Call& call, int64_t block, float* scratch) {
  const Program& program = *call.program;
  const int64_t start = block * kBlock;
  const int64_t size = std::min(kBlock, call.size - start);
  auto placeOf = [&](const Line& line) {
    return line.output >= 0 && !program.is_sum ? call.outputs[line.output] + start : scratch + line.scratch * kBlock;
  };
  auto valuesOf = [&](const Place& place) -> Values {
    if (place.kind == Place::kNumber) return {call.numbers + place.index, true};
    if (place.kind == Place::kLine) return {placeOf(program.lines[place.index]), false};
    const bool is_scalar = program.is_scalar[place.index];
    return {call.inputs[place.index] + (is_scalar ? 0 : start), is_scalar};
  };
  for (const Line& line : program.lines) {
    if (line.is_merged) continue;
    const Place* operands = line.operands;
    Run(line.operation, size, placeOf(line), valuesOf(operands[0]), valuesOf(operands[1]), valuesOf(operands[2]));
  }
  for (size_t i = 0; i < program.outputs.size(); i++) {
    const Output& output = program.outputs[i];
    const float* values = placeOf(program.lines[output.line]);
    if (program.is_sum) {
      call.sums[i][block] = Sum(size, values);
    } else if (output.is_late) {
      std::memcpy(call.outputs[i] + start, values, size * sizeof(float));
    }
  }
}

/** References to the memory of a tensor that only one eager handle holds: its tensor, and what guards it. */
constexpr int kOwnReferences = 2;

bool IsHeldOnce(const Tensor& tensor) {
  auto* buffer = const_cast<tensorflow::TensorBuffer*>(tensorflow::DMAHelper::buffer(&tensor));
  // A part of a larger buffer holds that one, which others may hold too.
  return buffer != nullptr && buffer->RefCount() == kOwnReferences && buffer->root_buffer() == buffer;
}

class ProgramsOp : public OpKernel {
 public:
  explicit ProgramsOp(OpKernelConstruction* context) : OpKernel(context) {
    std::string code;
    OP_REQUIRES_OK(context, context->GetAttr("code", &code));
    std::istringstream in(code);
    int programs = 0, calls = 0;
    bool is_valid = static_cast<bool>(in >> programs) && programs > 0;
    for (int i = 0; i < programs && is_valid; i++) {
      programs_.emplace_back();
      is_valid = Parse(in, programs_.back());
    }
    is_valid = is_valid && in >> calls;
    for (int i = 0; i < calls && is_valid; i++) {
      int program = -1;
      is_valid = in >> program && program >= 0 && program < programs;
      calls_.push_back(program);
    }
    OP_REQUIRES(context, is_valid, tensorflow::errors::InvalidArgument("These are no programs: ", code));
    for (Program& program : programs_) Allocate(program);
  }

  void Compute(OpKernelContext* context) override {
    std::vector<Call> calls;
    const Tensor& numbers = context->input(context->num_inputs() - 1);
    int64_t blocks = 0, work = 0, given = 0, sums = 0;
    int input = 0, output = 0, scratches = 0;
    for (const int index : calls_) {
      const Program& program = programs_[index];
      OP_REQUIRES(context,
                  input + static_cast<int>(program.is_scalar.size()) < context->num_inputs() &&
                      output + static_cast<int>(program.outputs.size()) <= context->num_outputs() &&
                      given + program.numbers <= numbers.NumElements(),
                  tensorflow::errors::InvalidArgument("The programs have other inputs or outputs."));
      calls.push_back({&program});
      Call& call = calls.back();
      call.numbers = numbers.flat<float>().data() + given;
      const TensorShape shape = context->input(input + program.shape_input).shape();
      call.size = shape.num_elements();
      call.first_block = blocks;
      for (size_t i = 0; i < program.is_scalar.size(); i++) {
        const Tensor& tensor = context->input(input + i);
        OP_REQUIRES(context, tensor.NumElements() == (program.is_scalar[i] ? 1 : call.size),
                    tensorflow::errors::InvalidArgument("The inputs of a program have different sizes."));
        call.inputs.push_back(tensor.flat<float>().data());
      }
      for (size_t i = 0; i < program.outputs.size(); i++) {
        const int taken = program.outputs[i].taken;
        if (taken >= 0 && IsHeldOnce(context->input(input + taken))) {
          context->set_output(output + i, context->input(input + taken));
          call.outputs.push_back(const_cast<float*>(call.inputs[taken]));
        } else {
          Tensor* tensor = nullptr;
          OP_REQUIRES_OK(context,
                         context->allocate_output(output + i, program.is_sum ? TensorShape() : shape, &tensor));
          call.outputs.push_back(tensor->flat<float>().data());
        }
      }
      const int64_t own = (call.size + kBlock - 1) / kBlock;
      blocks += own;
      work += own * program.lines.size();
      if (program.is_sum) sums += own * program.outputs.size();
      scratches = std::max(scratches, program.scratches);
      input += program.is_scalar.size();
      output += program.outputs.size();
      given += program.numbers;
    }
    std::vector<double> partial(sums);
    double* next = partial.data();
    for (Call& call : calls) {
      if (!call.program->is_sum) continue;
      const int64_t own = (call.size + kBlock - 1) / kBlock;
      for (size_t i = 0; i < call.outputs.size(); i++, next += own) call.sums.push_back(next);
    }
    if (blocks > 0) {
      auto run = [&](int64_t start, int64_t end) {
        std::vector<float> scratch((scratches + 1) * kBlock);
        size_t at = 0;
        for (int64_t block = start; block < end; block++) {
          while (at + 1 < calls.size() && calls[at + 1].first_block <= block) at++;
          RunBlock(calls[at], block - calls[at].first_block, scratch.data());
        }
      };
      // Cycles of a block: some 100 a line, and more for the memory.
      const int64_t cycles = 400 + 100 * work / blocks;
      const auto& workers = *context->device()->tensorflow_cpu_worker_threads();
      tensorflow::Shard(workers.num_threads, workers.workers, blocks, cycles, run);
    }
    for (Call& call : calls) {
      const int64_t own = (call.size + kBlock - 1) / kBlock;
      for (size_t i = 0; i < call.sums.size(); i++) {
        double sum = 0;
        for (int64_t block = 0; block < own; block++) sum += call.sums[i][block];
        *call.outputs[i] = static_cast<float>(sum);
      }
    }
  }

 private:
  std::vector<Program> programs_;
  /** The program of each call, in order. */
  std::vector<int> calls_;
};

REGISTER_OP("DynotunePrograms")
    .Input("inputs: N * float")
    .Input("numbers: float")
    .Output("outputs: M * float")
    .Attr("N: int >= 1")
    .Attr("M: int >= 1")
    .Attr("code: string")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape);

REGISTER_KERNEL_BUILDER(Name("DynotunePrograms").Device(tensorflow::DEVICE_CPU), ProgramsOp);

}  // namespace

/** Node loads it as an addon, although all that it does is there once it is loaded. */
extern "C" NAPI_MODULE_EXPORT napi_value napi_register_module_v1(napi_env, napi_value exports) { return exports; }
