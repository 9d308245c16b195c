/** Room `peripherals`: what is plugged in, what is bound, its bytes, and whether it does its work. */
import { type Machine, THIS_MACHINE } from '../../../drivers/discovery/machine.ts'
import { probeReaderSpeed } from '../../../drivers/id-reader/speed.ts'
import { parsePort } from '../../../drivers/transport/port.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import type {
  BoundPeripheral,
  Found,
  PeripheralName,
  PeripheralsAction,
  PeripheralsState,
} from '../../http/contract.ts'
import type { Insight } from '../../insight.ts'
import { SOFTWARE } from '../../software.ts'
import { DONE, refuse, type SetupAnswer, type SetupRoom, type Workshop } from '../workshop.ts'
import { TEST_TIMINGS, type TestTimings } from './bench.ts'
import { IPPFIND } from './browse.ts'
import { benchOf } from './device-bench.ts'
import { type Entry, entriesOf, sameEntry, withEntry, withoutEntry } from './entries.ts'
import type { Thing } from './found.ts'
import { type LiveLook, startLiveLook } from './live.ts'
import { type Looked, lookAround } from './look.ts'
import { forgetResult, keepResult, resultOf } from './results.ts'
import { TestRun } from './steps.ts'
import { stepsOf } from './tests.ts'
import { askAddress, readAddress, samePort } from './typed-address.ts'
import { roomUndo } from './undo.ts'
import { statusOf, thingsOf } from './view.ts'

export type PeripheralsRoom = SetupRoom<PeripheralsState, PeripheralsAction>

export interface PeripheralsRoomOptions {
  machine?: Machine
  ippfind?: string
  timings?: TestTimings
}

/** What was found, with the time it took. */
interface LookState {
  state: Found['state']
  at: string
  tookMs: number | null
  things: Thing[]
}

export const openPeripheralsRoom = (
  workshop: Workshop,
  { machine = THIS_MACHINE, ippfind = IPPFIND, timings = TEST_TIMINGS }: PeripheralsRoomOptions = {},
): PeripheralsRoom => {
  const { dataDir, configPath, onChange, onTrouble } = workshop
  let found: LookState | null = null
  let typed: Thing[] = []
  let advice: Looked['advice'] = {}
  let looking: Promise<void> | null = null
  let live: LiveLook | null = null
  let test: TestRun | null = null
  /** Resolves when the result of the last test is kept. */
  let testing: Promise<void> = Promise.resolve()
  let closed = false
  const undo = roomUndo(workshop)

  const entries = (): Entry[] => entriesOf(workshop.configuration())
  const entryOf = (name: PeripheralName): Entry | undefined => entries().find((one) => one.name === name)
  const role = (): 'terminal' | 'pad' | null => workshop.configuration()?.role ?? null

  const look = async (): Promise<void> => {
    const startedMs = performance.now()
    const things = found?.things ?? []
    found = { state: 'looking', at: formatInstant(new Date()), tookMs: null, things }
    onChange()
    const looked = await lookAround({ machine, ippfind, bound: entries(), role: role(), configPath })
    if (closed) return
    advice = looked.advice
    const tookMs = Math.round(performance.now() - startedMs)
    found = { state: 'done', at: formatInstant(new Date()), tookMs, things: looked.things }
    onChange()
  }
  /** One look at a time; whoever asks meanwhile shares it. */
  const lookOnce = (): Promise<void> => {
    looking ??= look()
      .catch((error: unknown) => {
        found = found && { ...found, state: 'done' }
        onTrouble(error)
      })
      .finally(() => {
        looking = null
      })
    return looking
  }

  const lookAt = async (text: string): Promise<SetupAnswer> => {
    const ports = readAddress(text)
    if (ports === null) return refuse('no-address', 'this is neither a port nor HOST or HOST:PORT')
    const things = await askAddress(ports, entries(), role())
    typed = [...typed.filter((one) => !things.some((other) => samePort(one, other))), ...things]
    found ??= { state: 'done', at: formatInstant(new Date()), tookMs: null, things: [] }
    onChange()
    return DONE
  }

  const bind = async (wanted: Entry): Promise<SetupAnswer> => {
    if (workshop.configuration() === null) return refuse('no-role', 'choose what this device is first')
    if (test !== null && !test.isOver) return refuse('test-runs', 'a test is under way; stop it first')
    const entry = await atItsSpeed(wanted, entries())
    const before = entryOf(entry.name)
    if (before !== undefined && sameEntry(before, entry)) return DONE
    const answer = await undo.apply(withEntry(workshop.written(), entry), 'peripheral-bound', {
      what: 'bound',
      name: entry.name,
    })
    if (answer.ok) {
      forgetResult(dataDir, entry.name)
      void lookOnce()
    }
    return answer
  }

  const unbind = async (name: PeripheralName): Promise<SetupAnswer> => {
    if (entryOf(name) === undefined) return refuse('not-bound', `${name} is bound to no port`)
    if (test !== null && !test.isOver) return refuse('test-runs', 'a test is under way; stop it first')
    const next = withoutEntry(workshop.written(), name)
    const answer = await undo.apply(next, 'peripheral-unbound', { what: 'unbound', name })
    if (answer.ok) void lookOnce()
    return answer
  }

  const watch = (name: PeripheralName | null): SetupAnswer => {
    live?.stop()
    live = null
    if (name !== null) {
      const entry = entryOf(name)
      if (entry === undefined) return refuse('not-bound', `${name} is bound to no port`)
      live = startLiveLook(entry, () => isSecret(), onChange)
      if (live === null) return refuse('no-wire', 'no bytes pass to a folder')
    }
    onChange()
    return DONE
  }
  /** While the technician's own test asks for keys they are nobody's. */
  const isSecret = (): boolean => {
    const isTested = test?.name === 'keypad' && !test.isOver && !workshop.busy()
    return !isTested && workshop.device()?.peripherals.keypad?.isAsking() === true
  }

  const startTest = (name: PeripheralName): SetupAnswer => {
    const device = workshop.device()
    const entry = entryOf(name)
    if (entry === undefined) return refuse('not-bound', `${name} is bound to no port`)
    if (device === null)
      return refuse('device-stopped', 'no device runs; its configuration has to be mended first')
    if (test !== null && !test.isOver) return refuse('test-runs', 'a test is under way; stop it first')
    const giveBack = workshop.busy() ? null : device.peripherals.borrow()
    if (giveBack === null) return refuse('busy', 'somebody is being served; try again when they have gone')
    const { bench, close } = benchOf(device, () => workshop.busy())
    const steps = stepsOf(name, bench, timings)
    if (steps === null) {
      giveBack()
      void close()
      return refuse('device-stopped', `${name} does not run on this device`)
    }
    const run = new TestRun(name, steps, onChange)
    test = run
    testing = keepEnd(run, entry)
      .catch(onTrouble)
      .finally(async () => {
        giveBack()
        await close()
      })
    return DONE
  }

  const keepEnd = async (run: TestRun, entry: Entry): Promise<void> => {
    const end = await run.ended
    if (end.outcome === 'stopped') return
    const { proof } = run.state().facts
    const step = end.outcome === 'failed' ? end.step : null
    const reason = end.outcome === 'failed' ? end.reason : null
    keepResult(dataDir, entry, {
      outcome: end.outcome,
      at: formatInstant(new Date()),
      step,
      reason,
      software: SOFTWARE,
      proof: proof === 'confirmed' || proof === 'probable' ? proof : null,
    })
    workshop.record({ fact: 'test', peripheral: entry.name, outcome: end.outcome, step, reason })
    onChange()
    // Why it does not answer is the doctor's to say: the port may be another program's.
    if (step === 'answers') await lookOnce()
  }

  const stopTest = async (): Promise<SetupAnswer> => {
    if (test === null) return DONE
    if (test.isOver) test = null
    else await test.stop()
    onChange()
    return DONE
  }

  const takeBack = async (): Promise<SetupAnswer> => {
    if (test !== null && !test.isOver) return refuse('test-runs', 'a test is under way; stop it first')
    const answer = await undo.takeBack()
    if (answer.ok) void lookOnce()
    return answer
  }

  // A test that ran on the device before has nothing to end on; bytes of a port that was left are not looked at.
  const unwatchDevice = workshop.onDevice((device: Insight | null) => {
    if (test !== null && !test.isOver) void test.stop()
    if (device === null || live === null) return
    const { entry } = live
    if (!entries().some((one) => sameEntry(one, entry))) watch(null)
  })

  return {
    state: (): PeripheralsState => ({
      bound: entries().map(
        (entry): BoundPeripheral => ({
          ...entry,
          status: statusOf(workshop.device(), entry.name),
          advice: advice[entry.name] ?? [],
          test: resultOf(dataDir, entry),
        }),
      ),
      found: found && { ...found, things: thingsOf([...found.things, ...typed], entries(), configPath) },
      live: live?.state() ?? null,
      test: test?.state() ?? null,
      undo: undo.state(),
    }),
    async act(action) {
      switch (action.type) {
        case 'look':
          void lookOnce()
          return DONE
        case 'look-at':
          return await lookAt(action.port)
        case 'bind':
          return await bind(action.entry)
        case 'unbind':
          return await unbind(action.name)
        case 'watch':
          return watch(action.name)
        case 'test':
          return startTest(action.name)
        case 'answer':
          return test?.answer(action.right) ? DONE : refuse('nothing-asked', 'nothing is asked just now')
        case 'stop-test':
          return await stopTest()
        case 'undo':
          return await takeBack()
      }
    },
    left() {
      live?.stop()
      live = null
      void test?.stop()
      test = null
    },
    async close() {
      closed = true
      unwatchDevice()
      live?.stop()
      await test?.stop()
      await testing
      await looking
    },
  }
}

/**
 * The one port that the technician has pointed at is asked at which speed the reader on it talks (DEVICES §1). One that
 * says nothing, or is another program's, is bound as it was chosen: its cable may be mended later.
 */
const atItsSpeed = async (entry: Entry, bound: readonly Entry[]): Promise<Entry> => {
  const parsed = parsePort(entry.port)
  if (entry.name !== 'idReader' || !parsed.ok || parsed.port.kind !== 'serial') return entry
  const { path } = parsed.port
  const isOurs = bound.some(({ port }) => port.startsWith(`serial:${path}?`))
  if (isOurs) return entry
  const probed = await probeReaderSpeed(path)
  return probed.ok ? { ...entry, port: `serial:${path}?baud=${probed.baud}` } : entry
}
