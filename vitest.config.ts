import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Journeys drive a browser beside the devices they look at: half of their time each waits for the other. */
const JOURNEYS_AT_ONCE = 3
const JOURNEY_TIMEOUT_MS = 60_000

/** Of a test that hangs. Most take a hundredth of it, but on a busy machine all of them stand still at times. */
const HOUSE_TIMEOUT_MS = 60_000

/** Most tests wait for a wire, a deadline or a disk rather than for a processor: more at once than there are cores. */
const WORKERS_AT_ONCE = 5

/** Of a driver's tests, wires and deadlines take more than half of the time. */
const DRIVERS_AT_ONCE = 8

const journeys = ['test/browser/**/*.test.ts', 'test/scripts/**/*.test.ts']

/**
 * Most load the same parts: to load those anew for each file, and to warm up what sets type, costs more than many of the
 * tests.
 */
const drivers = ['test/drivers/**/*.test.ts']
const devices = ['test/device/**/*.test.ts', 'test/faults/**/*.test.ts']
const halls = ['test/sync/**/*.test.ts']

/** Whoever looks into the memory of their process, sets its clock or keeps its threads waiting has one alone. */
const driversAlone = [
  'test/drivers/id-reader/forgetting.test.ts',
  'test/drivers/scanner/hid-driver.test.ts',
  'test/drivers/transport/hid.test.ts',
  'test/drivers/transport/serial-writing.test.ts',
]
const alone = [
  'test/device/session/memory.test.ts',
  'test/device/forgetting.test.ts',
  'test/device/storage-watch.test.ts',
  'test/device/http/event-stream.test.ts',
  'test/faults/storage/disks.test.ts',
]

/**
 * Begun first, so that at the end nobody waits for one of them alone: those that wait for a wire before those that
 * compute, which would hold them up. The rest goes by size.
 */
const LONGEST = [
  'drivers/conformance/conformance',
  'drivers/id-reader/options',
  'drivers/receipt-printer/outcomes',
  'drivers/receipt-printer/field',
  'drivers/id-reader/presence',
  'drivers/id-reader/refusals',
  'ui/keyboard/keyboard',
  'sync/hall/province/moody',
  'faults/storage/power-cut',
  'device/first-light',
  'device/technician/peripherals/room',
  'device/technician/process',
  'device/technician/access',
  'browser/setup',
  'browser/accessibility',
  'browser/forgetting',
  'browser/measures',
  'scripts/demo',
  'browser/every-service/zh',
  'browser/every-service/en',
  'browser/papers',
  'browser/feedback',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files)
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((path) => moduleId.endsWith(`/test/${path}.test.ts`))
      return found === -1 ? LONGEST.length : found
    }
    // Projects stay whole: a process is kept only for the next file of its own.
    const projects = [...new Set(bySize.map(({ project }) => project))]
    return projects.flatMap((one) =>
      bySize.filter(({ project }) => project === one).sort((a, b) => place(a) - place(b)),
    )
  }
}

/** A driver's edges are where the field breaks it: no file of drivers/ is left out, none is only half tried. */
const DRIVER_LINES_PERCENT = 85

/** One after the other where all are run at once: how many are at work is said of a group. */
const house = {
  sequence: { groupOrder: 1 },
  maxWorkers: WORKERS_AT_ONCE,
  testTimeout: HOUSE_TIMEOUT_MS,
  hookTimeout: HOUSE_TIMEOUT_MS,
}

const wires = { ...house, sequence: { groupOrder: 0 }, maxWorkers: DRIVERS_AT_ONCE }

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: ['drivers/**/*.ts'],
      reporter: [['text', { skipFull: true }]],
      thresholds: { perFile: true, lines: DRIVER_LINES_PERCENT },
    },
    projects: [
      // These two are run by themselves, where each line of the drivers that they reach is counted (scripts/test.js).
      { test: { ...wires, name: 'drivers', include: drivers, exclude: driversAlone, isolate: false } },
      { test: { ...wires, name: 'drivers alone', include: driversAlone } },
      {
        plugins: [svelte({ configFile: false })],
        test: {
          ...house,
          name: 'house',
          include: ['test/**/*.test.ts'],
          exclude: [...journeys, ...drivers, ...devices, ...halls],
        },
      },
      { test: { ...house, name: 'alone', include: alone } },
      { test: { ...house, name: 'halls', include: halls, isolate: false } },
      { test: { ...house, name: 'devices', include: devices, exclude: alone, isolate: false } },
      {
        test: {
          name: 'journeys',
          include: journeys,
          sequence: { groupOrder: 2 },
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
