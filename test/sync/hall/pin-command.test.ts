import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadContent } from '../../../sync/hall/content/content.ts'
import { isPin } from '../../../sync/protocol/staff-pin.ts'
import { newFolder } from './helpers.ts'
import { run } from './support/command.ts'

const HALL = join(import.meta.dirname, '../../../sync/hall')
const RUN = `import { hallCommand } from ${JSON.stringify(pathToFileURL(join(HALL, 'command.ts')).href)}
process.exitCode = await hallCommand(process.argv.slice(1))`

let dataDir: string
let staffFile: string
beforeEach(() => {
  dataDir = newFolder()
  mkdirSync(join(dataDir, 'content'), { recursive: true })
  staffFile = join(dataDir, 'content', 'staff.json')
  cpSync(join(HALL, 'demo', 'staff.json'), staffFile)
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

interface Entry {
  staffId: string
  pin?: string
}
const entries = (): Entry[] => JSON.parse(readFileSync(staffFile, 'utf8'))
const pinOf = (staffId: string): string | undefined => entries().find((one) => one.staffId === staffId)?.pin

interface Ended {
  code: number
  said: string
}

/** What both of its outputs say, as one. */
const heard = (child: ChildProcess): { said: () => string; ended: Promise<Ended> } => {
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
  }
  return {
    said: () => said,
    ended: once(child, 'close').then(([code]) => ({ code: Number(code), said })),
  }
}

/** A process of its own, with this on its standard input. */
const piped = (typed: string, ...args: string[]): Promise<Ended> => {
  const child = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    RUN,
    '--',
    'pin',
    '--data',
    dataDir,
    ...args,
  ])
  const { ended } = heard(child)
  child.stdin.end(typed)
  return ended
}

it('a PIN from a pipe is in the staff’s entry as a hash, and is printed nowhere', async () => {
  chmodSync(staffFile, 0o640)
  const before = entries()
  const { code, said } = await piped('806417\n', 'S012')
  expect([code, said]).toEqual([0, 'S012 has a PIN\n'])
  const hash = pinOf('S012') ?? ''
  expect(await isPin('806417', hash)).toBe(true)
  expect(readFileSync(staffFile, 'utf8')).not.toContain('806417')
  expect(entries().map(({ pin: _, ...rest }) => rest)).toEqual(before)
  expect(statSync(staffFile).mode & 0o777).toBe(0o640)

  const content = loadContent(join(dataDir, 'content'))
  const item = content.manifest.items.find(({ name }) => name === 'staff/S012')
  expect(JSON.parse(Buffer.from(content.item(item?.sha256 ?? '')?.bytes ?? []).toString())).toMatchObject({
    pin: hash,
  })
})

it('another PIN takes the place of the one before, and --remove takes it away', async () => {
  await piped('806417', 'S012')
  const first = pinOf('S012')
  expect(await piped('590138', 'S012')).toEqual({ code: 0, said: 'S012 has another PIN\n' })
  expect(pinOf('S012')).not.toBe(first)
  expect((await run('pin', 'S012', '--data', dataDir, '--remove')).out).toBe('S012 cannot sign in any more\n')
  expect(pinOf('S012')).toBeUndefined()
  expect((await run('pin', 'S012', '--data', dataDir, '--remove')).out).toBe('S012 had no PIN\n')
})

it('a weak PIN, none, and a number that nobody has are refused, and nothing is written', async () => {
  const before = readFileSync(staffFile, 'utf8')
  const [weak, none] = await Promise.all([piped('123456\n', 'S012'), piped('', 'S012')])
  expect(weak.code).toBe(1)
  expect(weak.said).toContain('in a row')
  expect(weak.said).not.toContain('123456')
  expect([none.code, none.said]).toEqual([2, expect.stringContaining('no PIN came')])
  const unknown = await run('pin', 'S999', '--data', dataDir)
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('nobody of number "S999"')])
  const nowhere = await run('pin', 'S012', '--data', join(dataDir, 'nowhere'))
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('staff.json cannot be read')])
  expect(readFileSync(staffFile, 'utf8')).toBe(before)
})

it('typed at a terminal it is asked for twice and not seen', async () => {
  const words = [process.execPath, '--input-type=module', '-e', RUN, '--', 'pin', 'S012', '--data', dataDir]
  const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const child = spawn('script', ['-qec', line, '/dev/null'])
  const { said, ended } = heard(child)
  await expect.poll(said, { timeout: 20_000 }).toContain('New PIN of S012: ')
  child.stdin.write('806417\r')
  await expect.poll(said, { timeout: 20_000 }).toContain('The same again: ')
  child.stdin.write('806417\r')
  const { code } = await ended
  expect([code, said()]).toEqual([0, expect.stringContaining('S012 has a PIN')])
  expect(said()).not.toContain('806417')
  expect(await isPin('806417', pinOf('S012') ?? '')).toBe(true)
})

it('the demonstration hall’s PINs do not come along with its staff', () => {
  expect(entries().every(({ pin }) => pin === undefined)).toBe(true)
  const demo = loadContent(join(HALL, 'demo'))
  const items = demo.manifest.items.filter(({ kind }) => kind === 'staff')
  for (const { sha256 } of items) {
    expect(Buffer.from(demo.item(sha256)?.bytes ?? []).toString()).toContain('"pin":"$scrypt$')
  }
})
