/** A new PIN, typed unseen and twice, or from a pipe. It is in no message and in no list of processes. */
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  PIN_DIGITS_AT_LEAST,
  PIN_DIGITS_AT_MOST,
  type WeakPin,
  weaknessOf,
} from '../../protocol/staff-pin.ts'

export type NewPin =
  | { ok: true; pin: string }
  | { ok: false; code: 'none' | 'weak' | 'differ'; message: string }

const WEAK: Readonly<Record<WeakPin, string>> = {
  'not-digits': 'a PIN is of digits alone, so that a number pad is enough',
  'too-short': `it is too short: at least ${PIN_DIGITS_AT_LEAST} digits`,
  'too-long': `it is too long: at most ${PIN_DIGITS_AT_MOST} digits`,
  'few-digits': 'it is of one or two digits alone: take at least three',
  'in-a-row': 'its digits stand in a row: mix them',
  repeated: 'it repeats its beginning: mix it',
  number: 'it holds the staff number, which everybody can read on the pad: take another',
}

export async function readNewPin(staffId: string): Promise<NewPin> {
  const typed = process.stdin.isTTY ? await typedTwice(staffId) : await firstLine()
  if (typed === null) return { ok: false, code: 'differ', message: 'the two are not the same: try again' }
  if (typed === '')
    return { ok: false, code: 'none', message: 'no PIN came: type it, or send it as one line through a pipe' }
  const weak = weaknessOf(typed, staffId)
  return weak === null ? { ok: true, pin: typed } : { ok: false, code: 'weak', message: WEAK[weak] }
}

async function firstLine(): Promise<string> {
  return (await text(process.stdin)).split(/\r?\n/, 1)[0] ?? ''
}

/** Null where the second is another. */
async function typedTwice(staffId: string): Promise<string | null> {
  let unseen = false
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!unseen) process.stderr.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 })
  // Ctrl-C ends the command, as it would without readline.
  lines.on('SIGINT', () => {
    process.stderr.write('\n')
    process.exit(INTERRUPTED)
  })
  // Whoever ends the input without an answer (Ctrl-D) has typed nothing.
  const gone = once(lines, 'close').then(() => '')
  const ask = async (question: string): Promise<string> => {
    process.stderr.write(question)
    unseen = true
    const answer = await Promise.race([lines.question(''), gone])
    unseen = false
    process.stderr.write('\n')
    return answer
  }
  try {
    const first = await ask(`New PIN of ${staffId}: `)
    if (first === '' || weaknessOf(first, staffId) !== null) return first
    return (await ask('The same again: ')) === first ? first : null
  } finally {
    lines.close()
  }
}

/** As shells tell it: 128 and the number of SIGINT. */
const INTERRUPTED = 130
