import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** Browser journeys start a whole demo of their own: they get one worker, after everything else. */
const BROWSER_TEST_TIMEOUT_MS = 60_000

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [svelte({ configFile: false })],
        test: {
          name: 'house',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: BROWSER_TEST_TIMEOUT_MS,
          hookTimeout: BROWSER_TEST_TIMEOUT_MS,
          fileParallelism: false,
        },
      },
    ],
  },
})
