import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** Journeys drive a browser beside the devices they look at: a browser for each core, after everything else. */
const JOURNEYS_AT_ONCE = 2
const JOURNEY_TIMEOUT_MS = 60_000

/** Of a test that hangs. Most take a hundredth of it, but on a busy machine all of them stand still at times. */
const HOUSE_TIMEOUT_MS = 60_000

/** Most tests wait for a wire, a deadline or a disk rather than for a processor: more at once than there are cores. */
const WORKERS_AT_ONCE = 5

const journeys = ['test/browser/**/*.test.ts', 'test/scripts/**/*.test.ts']

/** A driver's edges are where the field breaks it: no file of drivers/ is left out, none is only half tried. */
const DRIVER_LINES_PERCENT = 85

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['drivers/**/*.ts'],
      reporter: [['text', { skipFull: true }]],
      thresholds: { perFile: true, lines: DRIVER_LINES_PERCENT },
    },
    projects: [
      {
        plugins: [svelte({ configFile: false })],
        test: {
          name: 'house',
          include: ['test/**/*.test.ts'],
          exclude: journeys,
          sequence: { groupOrder: 0 },
          maxWorkers: WORKERS_AT_ONCE,
          testTimeout: HOUSE_TIMEOUT_MS,
          hookTimeout: HOUSE_TIMEOUT_MS,
        },
      },
      {
        test: {
          name: 'journeys',
          include: journeys,
          sequence: { groupOrder: 1 },
          testTimeout: JOURNEY_TIMEOUT_MS,
          hookTimeout: JOURNEY_TIMEOUT_MS,
          maxWorkers: JOURNEYS_AT_ONCE,
          // One process for many of them, with one Chromium: neither it nor the product is loaded anew for each file.
          isolate: false,
        },
      },
    ],
  },
})
