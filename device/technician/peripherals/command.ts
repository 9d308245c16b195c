/**
 * `window24 test <peripheral>`: the same test as on the page, on a machine where no device runs. Exit codes: 0 passed,
 * 1 failed, stopped or impossible as things are, 2 wrong use.
 */
import { resolve } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { parseArgs } from 'node:util'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import { StoreError } from '../../../sync/sqlite.ts'
import type { Configuration, PeripheralsConfiguration } from '../../configuration.ts'
import { readConfiguration } from '../../configuration.ts'
import type { Language, PeripheralName, RunningTest, TestResult } from '../../http/contract.ts'
import { startPeripherals } from '../../peripherals/peripherals.ts'
import { SOFTWARE } from '../../software.ts'
import { lockStore } from '../../store/lock.ts'
import { openTechnicianFacts } from '../facts.ts'
import { type Bench, TEST_TIMINGS, type TestTimings } from './bench.ts'
import { type CommandWords, commandWords } from './command-words.ts'
import { testPapers } from './device-bench.ts'
import { type Entry, entriesOf } from './entries.ts'
import { keepResult } from './results.ts'
import { type TestEnd, TestRun } from './steps.ts'
import { Teller } from './teller.ts'
import { PERIPHERAL_NAMES, stepsOf } from './tests.ts'

const PASSED = 0
const NOT_PASSED = 1
const WRONG_USE = 2

/** Where a command writes, and what answers it. */
export interface Desk {
  out(text: string): void
  err(text: string): void
  /** Lines that the technician types; its end is the end of the test. */
  input: NodeJS.ReadableStream
  /** Ctrl-C. */
  stopAsked: AbortSignal
}

interface Options {
  name: PeripheralName
  config: string
  dataDir: string | null
  json: boolean
  language: Language
}

/** With the process's own terminal. */
export const testCommand = async (args: string[]): Promise<number> => {
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    return await runTestCommand(args, {
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
      input: process.stdin,
      stopAsked: stopping.signal,
    })
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    process.stdin.pause()
  }
}

export const runTestCommand = async (
  args: string[],
  desk: Desk,
  timings: TestTimings = TEST_TIMINGS,
): Promise<number> => {
  const options = readArguments(args)
  const words = commandWords[options.language]
  if ('wrong' in options) {
    if (options.wrong === null) desk.out(words.help)
    else desk.err(`window24 test: ${options.wrong(words)}\n\n${words.help}`)
    return options.wrong === null ? PASSED : WRONG_USE
  }
  const read = await readConfiguration(options.config)
  if (!read.ok) {
    for (const fault of read.faults) desk.err(`${options.config}: ${fault}\n`)
    return NOT_PASSED
  }
  const entry = entriesOf(read.configuration).find(({ name }) => name === options.name)
  if (entry === undefined) {
    desk.err(`window24 test: ${words.notBound(options.name, options.config)}\n`)
    return WRONG_USE
  }
  let lock: { release(): void } | null = null
  try {
    lock = options.dataDir === null ? null : lockStore(options.dataDir)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const said = error.code === 'store-in-use' ? words.deviceRuns(options.dataDir ?? '') : error.message
    desk.err(`window24 test: ${said}\n`)
    return NOT_PASSED
  }
  try {
    return await testNow(read.configuration, entry, options, desk, timings)
  } finally {
    lock?.release()
  }
}

const testNow = async (
  configuration: Configuration,
  entry: Entry,
  { name, dataDir, json, language }: Options,
  desk: Desk,
  timings: TestTimings,
): Promise<number> => {
  const peripherals = startPeripherals({
    configuration: onlyOne(configuration.peripherals, name),
    listener: () => {},
    takesCards: true,
  })
  const papers = testPapers(() => Promise.resolve(null))
  const { idReader, scanner, receiptPrinter, pagePrinter, keypad } = peripherals
  const bench: Bench = {
    ...{ idReader, scanner, receiptPrinter, pagePrinter, keypad },
    readsCards: true,
    deviceName: configuration.device.name,
    testPage: (code) => papers.page(configuration.device.name, code),
    isSomebodys: () => false,
  }
  let lines: Interface | null = null
  try {
    const steps = stepsOf(name, bench, timings)
    if (steps === null) throw new Error(`${name} is bound and was not started`)
    const teller = new Teller(language, json ? desk.err : desk.out)
    let run: TestRun | null = null
    const told = (): void => {
      if (run !== null) teller.tell(run.state())
    }
    run = new TestRun(name, steps, told)
    const running = run
    lines = createInterface({ input: desk.input, terminal: false })
    lines.on('line', (line) => teller.takeAnswer(line, (right) => running.answer(right)))
    // Nobody is left to answer; a step that asks nobody goes on.
    lines.on('close', () => {
      teller.nobodyAnswers = true
      if (running.state().asks) void running.stop()
    })
    const stop = (): void => void running.stop()
    teller.onUnanswerable = stop
    desk.stopAsked.addEventListener('abort', stop, { once: true })
    if (desk.stopAsked.aborted) stop()
    const end = await running.ended
    desk.stopAsked.removeEventListener('abort', stop)
    const result = resultOf(end, running.state())
    if (dataDir !== null && result !== null) keep(dataDir, entry, result)
    if (json) desk.out(`${JSON.stringify(asJson(entry, end, running.state()), null, 2)}\n`)
    return end.outcome === 'passed' ? PASSED : NOT_PASSED
  } finally {
    lines?.close()
    await peripherals.close()
    await papers.close()
  }
}

/** The chain has it when the device runs again. */
const keep = (dataDir: string, entry: Entry, result: TestResult): void => {
  keepResult(dataDir, entry, result)
  const rethrow = (error: unknown): void => {
    throw error
  }
  const { outcome, step, reason } = result
  const fact = { fact: 'test', peripheral: entry.name, outcome, step, reason } as const
  openTechnicianFacts(dataDir, () => null, rethrow).record(fact)
}

const resultOf = (end: TestEnd, { facts }: RunningTest): TestResult | null => {
  if (end.outcome === 'stopped') return null
  const { proof } = facts
  return {
    outcome: end.outcome,
    at: formatInstant(new Date()),
    step: end.outcome === 'failed' ? end.step : null,
    reason: end.outcome === 'failed' ? end.reason : null,
    software: SOFTWARE,
    proof: proof === 'confirmed' || proof === 'probable' ? proof : null,
  }
}

const asJson = ({ name, port, profile }: Entry, end: TestEnd, { steps, facts }: RunningTest): object => ({
  peripheral: name,
  port,
  profile,
  outcome: end.outcome,
  at: formatInstant(new Date()),
  software: SOFTWARE,
  steps,
  facts,
})

const onlyOne = (all: PeripheralsConfiguration, name: PeripheralName): PeripheralsConfiguration => {
  const only = { ...all }
  for (const other of PERIPHERAL_NAMES) if (other !== name) delete only[other]
  return only
}

type Read = Options | { wrong: ((words: CommandWords) => string) | null; language: Language }

const readArguments = (args: string[]): Read => {
  const loose = parseArgs({ args, options: OPTIONS, strict: false, allowPositionals: true }).values
  const ofEnvironment: Language = ENVIRONMENT_LANGUAGE.startsWith('zh') ? 'zh' : 'en'
  const asked = loose.lang
  const language = asked === 'zh' || asked === 'en' ? asked : ofEnvironment
  const wrong = (why: (words: CommandWords) => string): Read => ({ wrong: why, language })
  if (asked !== undefined && asked !== language) return wrong((words) => words.lang)
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true })
    if (values.help) return { wrong: null, language }
    const [typed, ...more] = positionals
    const name = PERIPHERAL_NAMES.find((one) => typed === one || typed === kebab(one))
    if (name === undefined || more.length > 0) return wrong((words) => words.which(typed ?? null))
    if (values.config === undefined) return wrong((words) => words.config)
    const dataDir = values.data === undefined ? null : resolve(values.data)
    return { name, config: resolve(values.config), dataDir, json: values.json, language }
  } catch (error) {
    if (error instanceof TypeError) return wrong(() => error.message)
    throw error
  }
}

/** As locale(7) looks for the language of messages. */
const ENVIRONMENT_LANGUAGE = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || ''

const OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** `receipt-printer`, as the simulators are called. */
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
