/** `window24 doctor` (PROTOCOLS.md §5): what is wrong with the ports and devices of this machine, and what to do. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { discover } from '../../../drivers/discovery/discovery.ts'
import { type Machine, THIS_MACHINE } from '../../../drivers/discovery/machine.ts'
import { accountsOf, judgedUser } from '../../../drivers/discovery/user.ts'
import { type Port, parsePort } from '../../../drivers/transport/port.ts'
import { readConfiguration } from '../../configuration.ts'
import type { Bound, Finding, PeripheralName } from './findings.ts'
import { judge } from './judge.ts'
import { pageOf, type Report } from './page.ts'
import { udevRules } from './udev-rules.ts'
import { adviceFor, type Words } from './words.ts'
import { EN } from './words-en.ts'
import { ZH } from './words-zh.ts'

const NOTHING_WRONG = 0
const FOUND = 1
const WRONG_USE = 2

const LANGUAGES: Record<string, Words> = { zh: ZH, en: EN }

interface Options {
  config: string | null
  user: string | undefined
  words: Words
  form: 'page' | 'json' | 'udev-rules' | 'help'
}

/** @returns the exit code: 0 nothing wrong, 1 faults or warnings found, 2 wrong use */
export const doctorCommand = async (args: string[], machine: Machine = THIS_MACHINE): Promise<number> => {
  const options = readArguments(args)
  if ('wrong' in options) return wrongUse(options.wrong, options.words)
  const { words, config } = options
  if (options.form === 'help') {
    process.stdout.write(words.help)
    return NOTHING_WRONG
  }
  const examined = await examine(machine, options)
  if ('wrong' in examined) return wrongUse(examined.wrong, words)
  switch (options.form) {
    case 'udev-rules':
      if (examined.findings.some(({ id }) => id === 'configuration')) {
        // Rules that lack the devices of an unreadable configuration would be installed as if they were whole.
        process.stderr.write(pageOf(examined, words))
        return FOUND
      }
      process.stdout.write(udevRules(examined.facts, config))
      return NOTHING_WRONG
    case 'json':
      process.stdout.write(`${JSON.stringify(reportJson(examined, words), null, 2)}\n`)
      return exitCode(examined.findings)
    case 'page':
      process.stdout.write(pageOf(examined, words))
      return exitCode(examined.findings)
  }
}

/** Gathers the facts and judges them. */
const examine = async (
  machine: Machine,
  { config, user: name, words }: Options,
): Promise<Report | { wrong: string }> => {
  const accounts = await accountsOf(machine)
  const user = judgedUser(accounts, name)
  if (user === null) return { wrong: words.wrongUse.user(name ?? '') }
  const read = config === null ? null : await readPorts(config)
  const ports = read?.ports ?? []
  const facts = await discover(
    machine,
    user,
    accounts,
    ports.map(({ parsed }) => parsed),
  )
  const bound = read === null ? null : ports.map((one) => one.bound)
  return { facts, config, findings: [...(read?.findings ?? []), ...judge(facts, bound)] }
}

/** The ports that a configuration binds; one that cannot be read is a finding like the others. */
const readPorts = async (
  file: string,
): Promise<{ ports: { bound: Bound; parsed: Port }[]; findings: Finding[] }> => {
  const read = await readConfiguration(file)
  if (!read.ok) {
    const subject = { kind: 'configuration', file } as const
    return { ports: [], findings: [{ severity: 'fault', subject, id: 'configuration', lines: read.faults }] }
  }
  const entries = Object.entries(read.configuration.peripherals) as [
    PeripheralName,
    Omit<Bound, 'name'> | undefined,
  ][]
  const ports = entries.flatMap(([name, peripheral]) => {
    const parsed = peripheral === undefined ? null : parsePort(peripheral.port)
    // The configuration has been checked: a port string in it can be read.
    return peripheral === undefined || !parsed?.ok
      ? []
      : [{ bound: { name, driver: peripheral.driver, port: peripheral.port }, parsed: parsed.port }]
  })
  return { ports, findings: [] }
}

const exitCode = (findings: readonly Finding[]): number =>
  findings.some(({ severity }) => severity !== 'note') ? FOUND : NOTHING_WRONG

/** Findings carry their ids for programs and their words for people. */
const reportJson = ({ findings, facts, config }: Report, words: Words): object => ({
  findings: findings.map((finding) => ({ ...finding, words: adviceFor(words, finding, config) })),
  facts,
})

const readArguments = (args: string[]): Options | { wrong: string; words: Words } => {
  const byEnvironment = wordsOfEnvironment(process.env)
  try {
    const { values } = parseArgs({
      args,
      options: {
        config: { type: 'string' },
        user: { type: 'string' },
        lang: { type: 'string' },
        json: { type: 'boolean', default: false },
        'udev-rules': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const words = values.lang === undefined ? byEnvironment : LANGUAGES[values.lang]
    if (words === undefined) return { wrong: byEnvironment.wrongUse.lang, words: byEnvironment }
    const form = values.help ? 'help' : values['udev-rules'] ? 'udev-rules' : values.json ? 'json' : 'page'
    const config = values.config === undefined ? null : resolve(values.config)
    return { config, user: values.user, words, form }
  } catch (error) {
    if (error instanceof TypeError) return { wrong: error.message, words: byEnvironment }
    throw error
  }
}

/** As locale(7) looks for the language of messages. */
const wordsOfEnvironment = ({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Words =>
  (LC_ALL || LC_MESSAGES || LANG || '').startsWith('zh') ? ZH : EN

const wrongUse = (message: string, words: Words): number => {
  process.stderr.write(`window24 doctor: ${message}\n\n${words.help}`)
  return WRONG_USE
}
