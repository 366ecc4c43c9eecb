import type { FlatProgram } from './flat-program.ts'

/** Sine and cosine at once, good to 1e-7 for |x| < 8192: the method and the coefficients are those of Cephes' sinf.c. */
const SINE_COSINE = `
  fn sineCosine(x: f32) -> vec2<f32> {
    let octant = (i32(abs(x) * 1.27323954) + 1) & -2;
    let turns = f32(octant);
    // pi/4 in three parts, so that what is subtracted is exact.
    let r = ((abs(x) - turns * 0.78515625) - turns * 2.4187564849853515625e-4) - turns * 3.77489497744594108e-8;
    let z = r * r;
    let sine = r + r * z * ((-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1);
    let cosine = 1.0 - 0.5 * z + z * z * ((2.443315711809948e-5 * z - 1.388731625493765e-3) * z + 4.166664568298827e-2);
    let swap = (octant & 2) != 0;
    let sineSign = select(1.0, -1.0, ((octant & 4) != 0) != (x < 0.0));
    let cosineSign = select(1.0, -1.0, ((octant + 2) & 4) != 0);
    return vec2<f32>(sineSign * select(sine, cosine, swap), cosineSign * select(cosine, sine, swap));
  }
`

/** e^a - 1 and log(1 + a), of which the plain formulas lose everything where a is small. */
const NEAR_ZERO = `
  fn expLess1(a: f32) -> f32 {
    return select(exp(a) - 1.0, a * (1.0 + a * (0.5 + a * (0.166666667 + a * 0.0416666667))), abs(a) < 0.05);
  }
  fn logarithm(a: f32) -> f32 {
    if (a < 0.0) {
      return uniforms.NAN;
    }
    return select(log(a), -uniforms.INFINITY, a == 0.0);
  }
  fn logOf1And(a: f32) -> f32 {
    if (abs(a) < 0.05) {
      return a * (1.0 - a * (0.5 - a * (0.333333333 - a * (0.25 - a * 0.2))));
    }
    return logarithm(1.0 + a);
  }
`

/** Klambauer et al., NeurIPS 2017: the numbers under which activations keep zero mean and unit variance. */
const SELU = { scale: 1.0507009873554805, below: 1.7580993408473768 }

const FUNCTIONS: Readonly<Record<string, { readonly value: string; readonly declare?: string }>> = {
  Sin: { value: 'sineCosine(a).x', declare: SINE_COSINE },
  Cos: { value: 'sineCosine(a).y', declare: SINE_COSINE },
  Tan: { value: 'sineCosine(a).x / sineCosine(a).y', declare: SINE_COSINE },
  Exp: { value: 'exp(a)' },
  Expm1: { value: 'expLess1(a)', declare: NEAR_ZERO },
  Log: { value: 'logarithm(a)', declare: NEAR_ZERO },
  Log1p: { value: 'logOf1And(a)', declare: NEAR_ZERO },
  Cosh: { value: '0.5 * (exp(a) + exp(-a))' },
  Sinh: { value: 'select(0.5 * (exp(a) - exp(-a)), expLess1(a) - 0.5 * a * a, abs(a) < 0.01)', declare: NEAR_ZERO },
  Sigmoid: { value: '1.0 / (1.0 + exp(-a))' },
  // log(1 + e^a), with nothing too large on the way.
  Softplus: { value: 'max(a, 0.0) + logOf1And(exp(-abs(a)))', declare: NEAR_ZERO },
  Relu6: { value: 'clamp(a, 0.0, 6.0)' },
  Elu: { value: 'select(expLess1(a), a, a >= 0.0)', declare: NEAR_ZERO },
  Selu: { value: `select(${SELU.below} * expLess1(a), ${SELU.scale} * a, a >= 0.0)`, declare: NEAR_ZERO },
}

/**
 * Functions of one number, by kernel, that come out wrong as WGSL has them. It grants drivers an error of 2^-11 in sine and
 * cosine, and to take it that there is no not-a-number and nothing infinite, so that a training that has diverged may look as
 * if it had not.
 */
export const unaryPrograms: Readonly<Record<string, FlatProgram>> = Object.fromEntries(
  Object.entries(FUNCTIONS).map(([key, { value, declare = '' }]) => {
    const code = `
      let a = x[index];
      if (isnan(a)) {
        result[index] = a;
      } else {
        result[index] = ${value};
      }
    `
    return [key, { key, inputs: ['x'], code, declare }]
  }),
)
