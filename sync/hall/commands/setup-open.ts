/** `window24 hall setup-open`: a device's configuration that was sealed for this hall, sealed anew to a passphrase. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../durable-file.ts'
import { readPassphraseFile } from '../../passphrase-file.ts'
import {
  isPassphrase,
  MAX_SETUP_FILE_BYTES,
  openSetup,
  type SetupFileFault,
  sealSetup,
} from '../../protocol/setup-file.ts'
import { HallError } from '../fault.ts'
import { loadSealingKeys, SEALING_KEYS_FILE } from '../sealing-keys.ts'
import { DONE, defineCommand, WrongUse } from './command.ts'

/** It holds tokens, sealed: whoever keeps it decides who gets it. */
const OWNER_ONLY = 0o600

export const setupOpen = defineCommand({
  help: `  window24 hall setup-open FILE --out FILE --passphrase-file F --data DIR [--sealing-keys F]
      a configuration that a device has sealed for this hall ("for the hall alone"), as a file that any device of
      that kind takes with the passphrase. The passphrase is the first line of F, 8 to 128 characters; - reads it
      from the standard input
`,
  options: {
    out: { type: 'string' },
    'passphrase-file': { type: 'string' },
    'sealing-keys': { type: 'string' },
  },
  words: { min: 1, max: 1 },
  async run({ hall, values, words: [file = ''] }) {
    const { out } = values
    if (out === undefined) throw new WrongUse('--out FILE is needed: where the file with the passphrase goes')
    if (values['passphrase-file'] === undefined) throw new WrongUse('--passphrase-file F is needed')
    if (existsSync(out)) throw new WrongUse(`${out} is there already: give another name`)
    const passphrase = unlessUnreadable(values['passphrase-file'], readPassphraseFile)
    if (!isPassphrase(passphrase)) throw new WrongUse('a passphrase has 8 to 128 characters')
    const keyFile = values['sealing-keys'] ?? join(hall.data, SEALING_KEYS_FILE)
    if (!existsSync(keyFile)) throw new HallError('no-hall-here', `there are no sealing keys at ${keyFile}`)
    const keys = loadSealingKeys(keyFile, false, new Date()).all
    const opened = await openSetup(unlessUnreadable(file, readSetupFile), { hall: keys })
    if (!opened.ok) throw new HallError('setup-file', `${file}: ${WHY_CLOSED[opened.code]}`)
    const sealed = await sealSetup(opened.payload, { passphrase })
    unlessUnwritable(out, () => replaceFile(out, sealed, OWNER_ONLY))
    const { role, from, at } = opened.payload
    process.stdout.write(`${out}: the configuration of the ${role} "${from}" as of ${at}\n`)
    return DONE
  },
})

const WHY_CLOSED: Record<SetupFileFault, string> = {
  'no-setup-file': 'is no configuration file of this software',
  'cut-in-half': 'is not whole: its end is missing',
  altered: 'is damaged: something in it has changed on the way',
  newer: 'was made by a newer software: update the hall first',
  'for-the-hall': 'is sealed for the hall',
  'for-another-hall': 'is sealed for another hall, or for a key that is not among those of this one',
  'by-passphrase': 'opens with its passphrase; any device takes it as it is',
  'wrong-passphrase': 'is sealed to another passphrase',
}

const readSetupFile = (path: string): string => {
  if (statSync(path).size > MAX_SETUP_FILE_BYTES)
    throw new HallError('setup-file', `${path}: is too large to be a configuration file`)
  return readFileSync(path, 'utf8')
}

const unlessUnreadable = (path: string, read: (path: string) => string): string => {
  try {
    return read(path)
  } catch (error) {
    throw inWords(error, `${path} cannot be read`)
  }
}

const unlessUnwritable = (path: string, write: () => void): void => {
  try {
    write()
  } catch (error) {
    throw inWords(error, `${path} cannot be written`)
  }
}

const inWords = (error: unknown, what: string): unknown =>
  error instanceof Error && 'code' in error && 'syscall' in error
    ? new HallError('setup-file', `${what} (${error.code})`, { cause: error })
    : error
