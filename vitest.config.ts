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
      { resolve: { alias }, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'] } },
      {
        resolve: { alias },
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Each file starts processes of its own; the machine has few cores.
          fileParallelism: false,
        },
      },
    ],
  },
})
