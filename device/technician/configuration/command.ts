/** `window24 setup export` and `window24 setup import`: what the room does with sticks, for those who have a shell. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Machine, THIS_MACHINE } from '../../../drivers/discovery/machine.ts'
import { replaceFile } from '../../../sync/durable-file.ts'
import { IdentityError, loadIdentity } from '../../../sync/identity.ts'
import { readPassphraseFile } from '../../../sync/passphrase-file.ts'
import {
  isPassphrase,
  MAX_SETUP_FILE_BYTES,
  openSetup,
  type SetupLock,
} from '../../../sync/protocol/setup-file.ts'
import { weaknessOf } from '../../../sync/protocol/staff-pin.ts'
import { readConfiguration } from '../../configuration.ts'
import { giveFirstPin, hasPin } from '../access/first-pin.ts'
import type { CommandWords } from './command-words-en.ts'
import { EN } from './command-words-en.ts'
import { ZH } from './command-words-zh.ts'
import { exportFile } from './exporting.ts'
import { type HeldFile, heldAgainst } from './opening.ts'
import { openVersions } from './versions.ts'

const DONE = 0
const FAULT_FOUND = 1
const WRONG_USE = 2
/** It holds tokens, sealed: whoever keeps it decides who gets it. */
const OWNER_ONLY = 0o600

const OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string' },
  out: { type: 'string' },
  'passphrase-file': { type: 'string' },
  'for-hall': { type: 'boolean', default: false },
  name: { type: 'string' },
  window: { type: 'string' },
  'pin-file': { type: 'string' },
  'without-missing': { type: 'boolean', default: false },
  lang: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

/** Called as it cannot be: told with the help, exit code 2. */
class WrongUse extends Error {}
/** Something is wrong with a file or this device: told alone, exit code 1. */
class Fault extends Error {}

interface Call {
  values: Values
  words: CommandWords
  machine: Machine
  config: string
  data: string
}

/** @returns the exit code */
export const setupCommand = async (args: string[], machine: Machine = THIS_MACHINE): Promise<number> => {
  const words = wordsFor(args)
  try {
    return await run(args, words, machine)
  } catch (error) {
    if (error instanceof WrongUse) {
      process.stderr.write(`window24 setup: ${error.message}\n\n${words.help}`)
      return WRONG_USE
    }
    if (!(error instanceof Fault)) throw error
    process.stderr.write(`window24 setup: ${error.message}\n`)
    return FAULT_FOUND
  }
}

const run = async (args: string[], words: CommandWords, machine: Machine): Promise<number> => {
  const { values, positionals } = read(args, words)
  if (values.help) {
    process.stdout.write(words.help)
    return DONE
  }
  if (values.lang !== undefined && values.lang !== 'zh' && values.lang !== 'en')
    throw new WrongUse(words.wrong.lang)
  const [name, ...files] = positionals
  if (name === undefined) throw new WrongUse(words.wrong.noCommand)
  if (name !== 'export' && name !== 'import') throw new WrongUse(words.wrong.command(name))
  if (values.config === undefined) throw new WrongUse(words.wrong.config)
  if (values.data === undefined) throw new WrongUse(words.wrong.data)
  const call = { values, words, machine, config: resolve(values.config), data: resolve(values.data) }
  return name === 'export' ? await exportTo(call, files) : await importFrom(call, files)
}

const exportTo = async (call: Call, files: string[]): Promise<number> => {
  const { values, words, config } = call
  if (files[0] !== undefined) throw new WrongUse(words.wrong.argument(files[0]))
  if (values.out === undefined) throw new WrongUse(words.wrong.out)
  if ((values['passphrase-file'] !== undefined) === values['for-hall']) throw new WrongUse(words.wrong.lock)
  const lock = lockOf(call)
  const read = await readConfiguration(config)
  if (!read.ok) throw new Fault([words.unsound(config), ...read.faults].join('\n  '))
  const file = await exportFile(writtenIn(config), lock, call.machine, new Date())
  if (file === null) throw new Fault(words.nothing(config))
  const asked = resolve(values.out)
  const isFolder = statSync(asked, { throwIfNoEntry: false })?.isDirectory() ?? false
  const path = isFolder ? join(asked, file.name) : asked
  if (existsSync(path)) throw new WrongUse(words.wrong.thereAlready(path))
  const text = new TextDecoder().decode(file.bytes)
  tried(
    () => replaceFile(path, text, OWNER_ONLY),
    (code) => words.cannotWrite(path, code),
  )
  process.stdout.write(`${words.exported(path)}\n`)
  return DONE
}

const importFrom = async (call: Call, [path, ...more]: string[]): Promise<number> => {
  const { values, words, config, data, machine } = call
  if (path === undefined) throw new WrongUse(words.wrong.file)
  if (more.length > 0) throw new WrongUse(words.wrong.oneFile)
  if (values['passphrase-file'] === undefined) throw new WrongUse(words.wrong.passphraseFile)
  const passphrase = passphraseIn(values['passphrase-file'], words)
  const pin = firstPinIn(call)
  const text = tried(
    () => readSetupFile(path, words),
    (code) => words.cannotRead(path, code),
  )
  const sealed = await openSetup(text, { passphrase })
  if (!sealed.ok) throw new Fault(`${path}: ${words.closed[sealed.code]}`)
  const versions = tried(
    () => openVersions(data, config),
    (code) => words.cannotWrite(data, code),
  )
  // A device that runs serves there itself: its own ports would look taken to this process.
  const held = await heldAgainst(sealed.payload, { written: versions.written(), servesAt: null, machine })
  refuseFaults(held, call)
  const before = versions.list()[0]?.number ?? 0
  const added = versions.add(
    held.next({
      name: values.name ?? null,
      window: values.window ?? null,
      withoutMissing: values['without-missing'],
    }),
    'imported',
  )
  if (!added.ok) throw new Fault([words.refused, ...added.detail.split('\n')].join('\n  '))
  const { number, changed } = added.version
  const lines =
    number === before ? [words.nothingNew] : [words.imported(number), ...changed.map((one) => `  ${one}`)]
  const about = await firstPin(call, pin)
  process.stdout.write(`${[...lines, ...about, words.restart].join('\n')}\n`)
  return DONE
}

/** Read and weighed before anything is changed. */
const firstPinIn = ({ values, words }: Call): string | null => {
  const path = values['pin-file']
  if (path === undefined) return null
  const pin = passphraseIn(path, words)
  if (weaknessOf(pin, '') !== null) throw new WrongUse(words.wrong.pin)
  return pin
}

/** @returns what is to be said of it */
const firstPin = async ({ data, words }: Call, pin: string | null): Promise<string[]> => {
  if (pin === null) return hasPin(data) ? [] : [words.pin.none]
  const given = await giveFirstPin(data, pin)
  return [given.ok && given.state === 'given' ? words.pin.given : words.pin.stays]
}

const refuseFaults = ({ opened }: HeldFile, { values, words }: Call): void => {
  const { faults, missing, needs } = opened
  if (needs.includes('name') && values.name === undefined) throw new WrongUse(words.wrong.name)
  if (needs.includes('window') && values.window === undefined) throw new WrongUse(words.wrong.window)
  if (faults.length > 0)
    throw new Fault([words.faults, ...faults.map(({ place, detail }) => `${place}: ${detail}`)].join('\n  '))
  if (missing.length > 0 && !values['without-missing']) {
    const lines = missing.map(({ name, port }) => `peripherals.${name}.port: ${port}`)
    throw new Fault([words.missing, ...lines].join('\n  '))
  }
}

const lockOf = ({ values, words, data }: Call): SetupLock => {
  const path = values['passphrase-file']
  if (path === undefined) {
    // Made anew by loading where there is none: a command only looks.
    const isThere = existsSync(join(data, 'identity.json'))
    const key = isThere ? identityIn(data, words).sealingKey : null
    if (key === null) throw new Fault(words.notEnrolled)
    return { hall: key }
  }
  const passphrase = passphraseIn(path, words)
  if (!isPassphrase(passphrase)) throw new WrongUse(words.wrong.passphrase)
  return { passphrase }
}

const identityIn = (data: string, words: CommandWords) => {
  try {
    return tried(
      () => loadIdentity(data),
      (code) => words.cannotRead(join(data, 'identity.json'), code),
    )
  } catch (error) {
    throw error instanceof IdentityError ? new Fault(error.message) : error
  }
}

const passphraseIn = (path: string, words: CommandWords): string =>
  tried(
    () => readPassphraseFile(path),
    (code) => words.cannotRead(path, code),
  )

const readSetupFile = (path: string, words: CommandWords): string => {
  if (statSync(path).size > MAX_SETUP_FILE_BYTES) throw new Fault(`${path}: ${words.tooLarge}`)
  return readFileSync(path, 'utf8')
}

const writtenIn = (config: string): unknown => JSON.parse(readFileSync(config, 'utf8'))

/** What the system refuses is a fault in words; anything else is a defect. */
const tried = <T>(work: () => T, inWords: (code: string) => string): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'syscall' in error)
      throw new Fault(inWords(String(error.code)))
    throw error
  }
}

const read = (args: string[], words: CommandWords) => {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    if (error instanceof TypeError) throw new WrongUse(words.wrong.argument(error.message))
    throw error
  }
}

/** Before anything is checked: what is wrong with the rest is told in the language that was asked for. */
const wordsFor = (args: string[]): CommandWords => {
  const { lang } = parseArgs({ args, options: OPTIONS, strict: false, allowPositionals: true }).values
  if (lang === 'zh' || lang === 'en') return lang === 'zh' ? ZH : EN
  const { LC_ALL, LC_MESSAGES, LANG } = process.env
  return (LC_ALL || LC_MESSAGES || LANG || '').startsWith('zh') ? ZH : EN
}
