/**
 * A passphrase that a command is given: from a file or from its standard input, never as a word of its command line,
 * which everybody on a machine can read in the list of its processes.
 */
import { readFileSync } from 'node:fs'

const STDIN = 0

/** @param path `-` for the standard input. Only the first line counts. @throws the system's error when it cannot be read */
export const readPassphraseFile = (path: string): string => {
  const [line = ''] = readFileSync(path === '-' ? STDIN : path, 'utf8').split('\n')
  return line.replace(/\r$/, '').replace(/^\uFEFF/, '')
}
