/** `window24 doctor` (PROTOCOLS.md §5): what is wrong with the ports and devices of this machine, and what to do. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { discover } from '../../../drivers/discovery/discovery.ts'
import { type Machine, THIS_MACHINE } from '../../../drivers/discovery/machine.ts'
import { accountsOf, judgedUser } from '../../../drivers/discovery/user.ts'
import { type Shell, shellOf } from './commands.ts'
import { type Finding, isAboutConfiguration } from './findings.ts'
import { judge, worstFirst } from './judge.ts'
import { lookAtDevice } from './look-at-device.ts'
import { pageOf, type Report } from './page.ts'
import { readPorts } from './read-configuration.ts'
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
  data: string | null
  user: string | undefined
  words: Words
  form: 'page' | 'json' | 'udev-rules' | 'help'
}

/** What the command has to say. Exit: 0 nothing wrong, 1 faults or warnings found, 2 wrong use. */
export interface Said {
  exit: number
  text: string
  errors: string
}

/** `script` is what the runtime was given to run, argv[1]: commands are printed as this one was started. */
export const doctor = async (
  args: string[],
  script: string,
  machine: Machine = THIS_MACHINE,
): Promise<Said> => {
  const options = readArguments(args)
  if ('wrong' in options) return wrongUse(options.wrong, options.words)
  const { words } = options
  if (options.form === 'help') return { exit: NOTHING_WRONG, text: words.help, errors: '' }
  const examined = await examine(machine, options, shellOf(script, process.env))
  if ('wrong' in examined) return wrongUse(examined.wrong, words)
  switch (options.form) {
    case 'udev-rules':
      // Rules that lack the devices of an unreadable configuration would be installed as if they were whole.
      return examined.findings.some(isAboutConfiguration)
        ? { exit: FOUND, text: '', errors: pageOf(examined, words) }
        : { exit: NOTHING_WRONG, text: udevRules(examined), errors: '' }
    case 'json': {
      const text = `${JSON.stringify(reportJson(examined, words), null, 2)}\n`
      return { exit: exitCode(examined.findings), text, errors: '' }
    }
    case 'page':
      return { exit: exitCode(examined.findings), text: pageOf(examined, words), errors: '' }
  }
}

/** Gathers the facts and judges them. */
const examine = async (
  machine: Machine,
  { config, data, user: name, words }: Options,
  shell: Shell,
): Promise<Report | { wrong: string }> => {
  const accounts = await accountsOf(machine)
  const user = judgedUser(accounts, name)
  const reader = judgedUser(accounts, undefined)
  if (user === null) return { wrong: words.wrongUse.user(name ?? '') }
  const read = config === null ? null : await readPorts(config, (reader ?? user).name)
  const ports = read?.ports ?? []
  const facts = await discover(
    machine,
    user,
    accounts,
    ports.map(({ parsed }) => parsed),
  )
  const bound = read === null ? null : ports.map((one) => one.bound)
  const device = data === null ? null : lookAtDevice(data, (reader ?? user).name)
  const findings = [...(read?.findings ?? []), ...(device?.findings ?? []), ...judge(facts, bound)]
  const look = device?.look ?? null
  return { facts, config, shell, bound: bound ?? [], findings: worstFirst(findings), device: look }
}

/** A configuration that could not be judged is not in order, whatever the cause. */
const exitCode = (findings: readonly Finding[]): number =>
  findings.some((finding) => finding.severity !== 'note' || isAboutConfiguration(finding))
    ? FOUND
    : NOTHING_WRONG

/** Findings carry their ids for programs and their words for people. */
const reportJson = (report: Report, words: Words): object => ({
  findings: report.findings.map((finding) => ({ ...finding, words: adviceFor(words, finding, report) })),
  facts: report.facts,
  ...(report.device && { device: report.device }),
})

const readArguments = (args: string[]): Options | { wrong: string; words: Words } => {
  const asked = languageIn(args)
  const words = asked === undefined ? wordsOfEnvironment(process.env) : LANGUAGES[asked]
  if (words === undefined) {
    const own = wordsOfEnvironment(process.env)
    return { wrong: own.wrongUse.lang, words: own }
  }
  try {
    const { values } = parseArgs({ args, options: OPTIONS })
    const form = values.help ? 'help' : values['udev-rules'] ? 'udev-rules' : values.json ? 'json' : 'page'
    const config = values.config === undefined ? null : resolve(values.config)
    const data = values.data === undefined ? null : resolve(values.data)
    return { config, data, user: values.user, words, form }
  } catch (error) {
    if (error instanceof TypeError) return { wrong: words.wrongUse.argument(error.message), words }
    throw error
  }
}

const OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string' },
  user: { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean', default: false },
  'udev-rules': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** Read before anything is checked: what is wrong with the others is told in the language that was asked for. */
const languageIn = (args: string[]): string | undefined => {
  const { lang } = parseArgs({ args, options: OPTIONS, strict: false }).values
  return typeof lang === 'string' ? lang : undefined
}

/** As locale(7) looks for the language of messages. */
const wordsOfEnvironment = ({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Words =>
  (LC_ALL || LC_MESSAGES || LANG || '').startsWith('zh') ? ZH : EN

const wrongUse = (message: string, words: Words): Said => ({
  exit: WRONG_USE,
  text: '',
  errors: `window24 doctor: ${message}\n\n${words.help}`,
})
