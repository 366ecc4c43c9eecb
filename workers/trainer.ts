import { runTrainer } from '../src/runner/trainer-main.ts'

runTrainer()
