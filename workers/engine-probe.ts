import { runProbe } from '../src/cli/doctor/probe-main.ts'
import { ENGINE_NAMES } from '../src/study/engine.ts'

const [, , asked, option] = process.argv
const name = ENGINE_NAMES.find((known) => known === asked)
if (name !== undefined && name !== 'auto') await runProbe(name, option === '--quick')
