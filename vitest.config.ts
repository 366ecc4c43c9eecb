import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const alias = [
  { find: /^dynotune$/, replacement: source('./src/index.ts') },
  { find: /^dynotune\/train$/, replacement: source('./src/train/index.ts') },
]

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.process.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'processes',
          include: ['test/**/*.process.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Each file starts and kills processes of its own, and waits for them about a third of its time; more at a time would
          // make them wait for one another where there are few cores.
          maxWorkers: 3,
        },
      },
    ],
  },
})
