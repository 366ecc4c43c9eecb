/** Loads and stores of four floats at a time, or of one as if it were four. */
export interface Lanes {
  load(address: string): string
  store(address: string, value: string): string
}

export const FOUR: Lanes = {
  load: (address) => `(v128.load ${address})`,
  store: (address, value) => `(v128.store ${address} ${value})`,
}

export const ONE: Lanes = {
  load: (address) => `(v128.load32_zero ${address})`,
  store: (address, value) => `(v128.store32_lane 0 ${address} ${value})`,
}
