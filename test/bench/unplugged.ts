/**
 * How soon the truth is told of a cable that was pulled, and how soon the peripheral works again once it is back:
 * every driver on every wire it has, unplugged at random moments, and with a line that dies without a word. The
 * promise is 2 s and 3 s; scanners and keypads that cannot be asked are excepted from it on a half-open line.
 *
 *   node test/bench/unplugged.ts [rounds]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Peripheral } from '../../drivers/status.ts'
import { sleep } from '../../drivers/time.ts'
import { type BenchSubject, startSubjects } from './unplugged-subjects.ts'

const ROUNDS = Number(process.argv[2] ?? 10)
/** A cable is in for a moment before it is pulled again, by a hand in a hurry. */
const STAYS_IN_MS = 1000
/** Longer than any peripheral's heartbeat, so that the cable goes at any moment between two. */
const MOMENT_MS = 1500
const STAYS_AWAY_MS = 2500
/** Whatever has not happened by then is told as missed. */
const PATIENCE_MS = 30_000
const LOOK_MS = 2

/** Gives the drivers a USB bus in place of this machine's, at node-hid's own interface and at sysfs. */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'node-hid' ||
    (specifier === './report-descriptor.ts' && context.parentURL?.endsWith('/drivers/transport/hid.ts'))
      ? {
          url: new URL('./unplugged-hid.ts', import.meta.url).href,
          shortCircuit: true,
          format: 'module-typescript',
        }
      : next(specifier, context),
})

async function since(from: number, isSo: () => boolean): Promise<number> {
  while (!isSo() && performance.now() - from < PATIENCE_MS) await sleep(LOOK_MS)
  return performance.now() - from
}

const isReady = (peripheral: Peripheral): boolean => peripheral.status().state === 'ready'

interface Measured {
  fault: number[]
  works: number[]
}

async function measure(subject: BenchSubject, how: 'unplugged' | 'half-open'): Promise<Measured> {
  const measured: Measured = { fault: [], works: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    await since(performance.now(), () => isReady(subject.peripheral))
    await sleep(STAYS_IN_MS + Math.random() * MOMENT_MS)
    const pulled = performance.now()
    const mend = how === 'unplugged' ? await subject.unplug() : subject.halfOpen?.()
    measured.fault.push(await since(pulled, () => !isReady(subject.peripheral)))
    await sleep(STAYS_AWAY_MS)
    const back = performance.now()
    await mend?.()
    await subject.works(PATIENCE_MS)
    measured.works.push(performance.now() - back)
  }
  return measured
}

function line(name: string, how: string, { fault, works }: Measured): string {
  const seconds = (values: number[]): string => (Math.max(...values) / 1000).toFixed(2).padStart(6)
  const median = (values: number[]): string =>
    ((values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0) / 1000).toFixed(2).padStart(6)
  return `${name.padEnd(26)}${how.padEnd(12)}${median(fault)}${seconds(fault)}   ${median(works)}${seconds(works)}`
}

const folder = mkdtempSync(join(tmpdir(), 'unplugged-'))
const subjects = await startSubjects(folder)
console.log(`${'seconds, '.padEnd(20)}${ROUNDS} rounds         told: median  most   works: median  most`)
try {
  const lines = await Promise.all(
    subjects.map(async (subject) => {
      const unplugged = line(subject.name, 'unplugged', await measure(subject, 'unplugged'))
      if (subject.halfOpen === undefined) return [unplugged]
      return [unplugged, line(subject.name, 'half-open', await measure(subject, 'half-open'))]
    }),
  )
  for (const text of lines.flat()) console.log(text)
} finally {
  await Promise.all(subjects.map((subject) => subject.close()))
  rmSync(folder, { recursive: true, force: true })
}
