/**
 * `window24 report`: the readiness report of a device as PDF, read from its folder; a device that runs goes on. Exit
 * codes: 0 ready, 1 something is open or could not be read, 2 wrong use.
 */
import { writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { IdentityError } from '../../../sync/identity.ts'
import { readConfiguration } from '../../configuration.ts'
import { startDocuments } from '../../documents/documents.ts'
import type { Language } from '../../http/contract.ts'
import { type CommandWords, commandWords } from './command-words.ts'
import { factsFromFolder } from './from-folder.ts'
import { nextReportNumber } from './numbers.ts'
import { openPoints } from './open-points.ts'
import { openPointInWords, reportInWords } from './words.ts'

const READY = 0
const OPEN = 1
const WRONG_USE = 2
const OWNER_AND_READERS = 0o644

interface Options {
  config: string
  dataDir: string
  out: string
}

type Wrong = { wrong: ((words: CommandWords) => string) | null }

export const reportCommand = async (args: string[]): Promise<number> => {
  const words = commandWords[languageOf(args)]
  const options = readArguments(args)
  if ('wrong' in options) {
    if (options.wrong === null) process.stdout.write(words.help)
    else process.stderr.write(`window24 report: ${options.wrong(words)}\n\n${words.help}`)
    return options.wrong === null ? READY : WRONG_USE
  }
  const { config, dataDir, out } = options
  const read = await readConfiguration(config)
  if (!read.ok) {
    for (const fault of read.faults) process.stderr.write(`${config}: ${fault}\n`)
    return OPEN
  }
  const documents = await startDocuments()
  try {
    const facts = await factsFromFolder(read.configuration, dataDir, userInfo().username)
    const open = openPoints(facts)
    const report = reportInWords(facts, open, nextReportNumber(dataDir))
    const { pdf, pages } = await documents.readinessPdf({ report, printedAt: new Date() })
    writeFileSync(out, pdf, { mode: OWNER_AND_READERS })
    const lines = open.map((point) => `  ${openPointInWords(point, facts)}\n`).join('')
    process.stdout.write(`${words.written(out, report.number, pages, open.length)}\n${lines}`)
    return open.length === 0 ? READY : OPEN
  } catch (error) {
    const isKnown = error instanceof IdentityError || (error instanceof Error && 'syscall' in error)
    if (!isKnown) throw error
    process.stderr.write(`window24 report: ${words.cannot(error.message)}\n`)
    return OPEN
  } finally {
    await documents.close()
  }
}

const OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string' },
  out: { type: 'string' },
  lang: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

/** Read before anything is checked: what is wrong with the others is told in the language that was asked for. */
const languageOf = (args: string[]): Language => {
  const { lang } = parseArgs({ args, options: OPTIONS, strict: false }).values
  const { LC_ALL, LC_MESSAGES, LANG } = process.env
  const asked = typeof lang === 'string' ? lang : LC_ALL || LC_MESSAGES || LANG || ''
  return asked.startsWith('zh') ? 'zh' : 'en'
}

const readArguments = (args: string[]): Options | Wrong => {
  try {
    const { values } = parseArgs({ args, options: OPTIONS })
    if (values.help) return { wrong: null }
    if (values.lang !== undefined && values.lang !== 'zh' && values.lang !== 'en')
      return { wrong: ({ lang }) => lang }
    const { config, data, out } = values
    if (config === undefined) return { wrong: (words) => words.config }
    if (data === undefined) return { wrong: (words) => words.data }
    if (out === undefined) return { wrong: (words) => words.out }
    return { config: resolve(config), dataDir: resolve(data), out: resolve(out) }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return { wrong: () => error.message }
  }
}
