import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** Journeys start a whole demo of their own: they get one worker, after everything else. */
const JOURNEY_TIMEOUT_MS = 60_000

const journeys = ['test/browser/**/*.test.ts', 'test/scripts/**/*.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [svelte({ configFile: false })],
        test: {
          name: 'house',
          include: ['test/**/*.test.ts'],
          exclude: journeys,
          sequence: { groupOrder: 0 },
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'journeys',
          include: journeys,
          sequence: { groupOrder: 1 },
          testTimeout: JOURNEY_TIMEOUT_MS,
          hookTimeout: JOURNEY_TIMEOUT_MS,
          fileParallelism: false,
        },
      },
    ],
  },
})
