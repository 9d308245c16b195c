import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { PhotoDecoder } from '../../../drivers/id-reader/photo-decoder.ts'
import { Personal } from '../../../drivers/personal.ts'
import { closing, until } from '../support.ts'
import { bench, CARD } from './bench.ts'

const PHOTO = Uint8Array.from({ length: 1024 }, (_, index) => (index * 7 + 3) & 0xff)
/** Half a second is long for a decoder of these tests, and short for who waits for a test. */
const DEADLINE_MS = 3000
const SHORT_DEADLINE_MS = 300

/** A decoder of a few lines, as a program with arguments of its own. */
function script(source: string): { command: string[]; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'decoder-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'decoder.cjs')
  writeFileSync(file, source)
  return { command: [process.execPath, file, folder], folder }
}

const READ = `const chunks = []; process.stdin.on('data', (c) => chunks.push(c)); process.stdin.on('end', () => done(Buffer.concat(chunks)));`
/** Smallest bytes that have both ends of their format. */
const PICTURES = {
  'image/png': `Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), photo, Buffer.from('49454e44ae426082', 'hex')])`,
  'image/jpeg': `Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), photo, Buffer.from('ffd9', 'hex')])`,
  'image/bmp': `(() => { const b = Buffer.concat([Buffer.alloc(54), photo]); b.write('BM'); b.writeUInt32LE(b.length, 2); return b })()`,
}

test.each(Object.entries(PICTURES))(
  'a decoder gets the photo on stdin and gives %s',
  async (mediaType, expression) => {
    const { command } = script(`${READ} function done(photo) { process.stdout.write(${expression}) }`)
    const decoded = await new PhotoDecoder(command).decode(new Personal(PHOTO))
    expect(decoded).toMatchObject({ ok: true, mediaType })
    const bytes = decoded.ok ? Buffer.from(decoded.picture.reveal()) : Buffer.alloc(0)
    expect(bytes.includes(Buffer.from(PHOTO))).toBe(true)
    expect(inspect(decoded)).toContain('[personal]')
  },
)

test.each([
  ['no-picture', `${READ} function done() { process.stdout.write('no picture at all') }`],
  ['no-picture', `${READ} function done() {}`],
  // Half a picture: the end of the format is missing.
  [
    'no-picture',
    `${READ} function done(photo) { process.stdout.write(Buffer.from('89504e470d0a1a0a', 'hex')) }`,
  ],
  [
    'failed',
    `${READ} function done(photo) { process.stdout.write(${PICTURES['image/png']}); process.exitCode = 3 }`,
  ],
  ['failed', `process.kill(process.pid, 'SIGSEGV')`],
  ['failed', `process.exit(1)`],
])('a decoder that is no good is told as %s: %#', async (fault, source) => {
  const decoded = await new PhotoDecoder(script(source).command).decode(new Personal(PHOTO))
  expect(decoded).toEqual({ ok: false, fault })
})

test('a decoder that hangs is killed at the deadline, with whatever it has started', async () => {
  const child = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })`
  const { command, folder } = script(
    `const c = ${child}; require('fs').writeFileSync(process.argv[2] + '/pids', process.pid + ' ' + c.pid); setInterval(() => {}, 1000)`,
  )
  const decoded = await new PhotoDecoder(command, SHORT_DEADLINE_MS * 4).decode(new Personal(PHOTO))
  expect(decoded).toEqual({ ok: false, fault: 'too-slow' })
  const pids = readFileSync(join(folder, 'pids'), 'utf8').split(' ').map(Number)
  expect(pids).toHaveLength(2)
  await until('both are gone', () => pids.every((pid) => !isRunning(pid)))
})

test('a decoder without end in its output is killed long before it fills the memory', async () => {
  const { command } = script(
    `const b = Buffer.alloc(65536, 7); const more = () => process.stdout.write(b, more); more()`,
  )
  const decoded = await new PhotoDecoder(command, DEADLINE_MS * 3).decode(new Personal(PHOTO))
  expect(decoded).toEqual({ ok: false, fault: 'too-large' })
})

test('a decoder that does not read its input is judged by what it gives', async () => {
  const { command } = script(`const photo = Buffer.from('x'); process.stdout.write(${PICTURES['image/png']})`)
  // More than a pipe holds, so that its end is met while writing.
  const photo = new Personal(new Uint8Array(1_000_000))
  expect(await new PhotoDecoder(command).decode(photo)).toMatchObject({ ok: true })
})

test('a decoder that is missing, forbidden or not even a name is cannot-start', async () => {
  const { folder } = script('')
  const forbidden = join(folder, 'forbidden')
  writeFileSync(forbidden, '#!/bin/sh\n')
  chmodSync(forbidden, 0o600)
  for (const program of [join(folder, 'missing'), forbidden, 'with\u0000nul']) {
    const decoded = await new PhotoDecoder([program]).decode(new Personal(PHOTO))
    expect(decoded).toEqual({ ok: false, fault: 'cannot-start' })
  }
})

test('a decoder sees no shell, no secrets and no folder of ours', async () => {
  process.env.WINDOW24_SECRET = 'token'
  onTestFinished(() => void delete process.env.WINDOW24_SECRET)
  const { command, folder } = script(
    `${READ} function done(photo) {
      require('fs').writeFileSync(process.argv[2] + '/seen', JSON.stringify([process.argv.slice(3), Object.keys(process.env), process.cwd()]))
      process.stdout.write(${PICTURES['image/png']})
    }`,
  )
  await new PhotoDecoder([...command, '$(id)', '; rm -rf x']).decode(new Personal(PHOTO))
  const [args, names, cwd] = JSON.parse(readFileSync(join(folder, 'seen'), 'utf8'))
  expect(args).toEqual(['$(id)', '; rm -rf x'])
  expect(names.sort()).toEqual(['LANG', 'PATH'])
  expect(cwd).toBe('/')
})

test('the photo stays its owner’s: it is neither changed nor wiped', async () => {
  const { command } = script(
    `${READ} function done(photo) { process.stdout.write(${PICTURES['image/png']}) }`,
  )
  const photo = new Personal(PHOTO.slice())
  await new PhotoDecoder(command).decode(photo)
  expect(photo.reveal()).toEqual(PHOTO)
})

test('a reader gives the picture of the card that lies on it, by the decoder that is configured', async () => {
  const { command } = script(
    `${READ} function done(photo) { process.stdout.write(${PICTURES['image/jpeg']}) }`,
  )
  const { simulator, reader, events } = await bench({ reader: { photoDecoder: command } })
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  if (events[0]?.kind !== 'placed') throw new Error('no card')
  expect(await reader.decodePhoto(events[0].card)).toMatchObject({ ok: true, mediaType: 'image/jpeg' })
})

test('without a decoder there is no picture, and none after closing', async () => {
  const { simulator, reader, events } = await bench()
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  if (events[0]?.kind !== 'placed') throw new Error('no card')
  expect(await reader.decodePhoto(events[0].card)).toEqual({ ok: false, fault: 'no-decoder' })
  const decoder = closing(new PhotoDecoder(script('setInterval(() => {}, 1000)').command))
  const decoding = decoder.decode(new Personal(PHOTO))
  await decoder.close()
  expect(await decoding).toEqual({ ok: false, fault: 'closed' })
  expect(await decoder.decode(new Personal(PHOTO))).toEqual({ ok: false, fault: 'closed' })
})

function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
