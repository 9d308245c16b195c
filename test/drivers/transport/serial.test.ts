import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openPort } from '../../../drivers/transport/open-port.ts'
import { until } from '../support.ts'
import { connect, refusal } from './connect.ts'
import { startPty } from './pty.ts'

const A_SECOND_MS = 1000
const NOBODY = 65_534

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'serial-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function stty(path: string, ...settings: string[]): string {
  return execFileSync('stty', ['-F', path, ...settings], { encoding: 'utf8' })
}

test('bytes of every value pass a serial line both ways, unchanged', async () => {
  const pty = await startPty()
  const connection = await connect(pty.port)
  const every = Uint8Array.from({ length: 256 }, (_, value) => value)
  const there: number[] = []
  const here: number[] = []
  pty.peer.on('data', (chunk) => there.push(...chunk))
  connection.onData((chunk) => here.push(...chunk))
  expect(await connection.write(every, A_SECOND_MS)).toBe(true)
  pty.peer.write(every)
  await until('both have all', () => there.length === 256 && here.length === 256)
  expect(there).toEqual([...every])
  expect(here).toEqual([...every])
})

test('a port is free for the next opening as soon as closing has been awaited (field row 10)', async () => {
  const pty = await startPty()
  for (let round = 0; round < 20; round += 1) {
    const opened = await openPort(pty.port)
    if (!opened.ok) throw new Error(`round ${round}: ${opened.detail}`)
    await opened.link.close()
  }
})

test('a port that is open already is refused in one line that names no error of the system', async () => {
  const pty = await startPty()
  await connect(pty.port)
  expect(await refusal(pty.port)).toBe(
    `port ${pty.port}: it is held by another process (\`window24 doctor\` names it)`,
  )
})

test('a port that another process holds is refused, and opened once it is let go', async () => {
  const pty = await startPty()
  // One that locks as serial programs do, by flock.
  const holder = spawn('flock', ['--exclusive', realpathSync(pty.link), 'sh', '-c', 'echo held; read line'])
  onTestFinished(() => {
    holder.kill('SIGKILL')
  })
  await once(holder.stdout, 'data')
  expect(await refusal(pty.port)).toContain('held by another process')
  const ended = once(holder, 'exit')
  holder.stdin.end('\n')
  await ended
  await connect(pty.port)
})

test('a line that hangs up at its closing, as Linux has it, does so no more: readers and printers would be reset', async () => {
  const pty = await startPty()
  stty(pty.link, 'hupcl')
  const connection = await connect(pty.port)
  expect(stty(pty.link, '-a')).toContain('-hupcl')
  expect(stty(pty.link, 'speed').trim()).toBe('115200')
  await connection.close()
  expect(stty(pty.link, '-a')).toContain('-hupcl')
})

test.each([
  ['that is not there', undefined],
  ['that fails', '#!/bin/sh\nexit 1\n'],
  ['that never ends', '#!/bin/sh\nexec sleep 60\n'],
])('a line opens without the help of an stty %s', async (_, script) => {
  const bin = folder()
  if (script !== undefined) writeFileSync(join(bin, 'stty'), script, { mode: 0o755 })
  const pty = await startPty()
  vi.stubEnv('PATH', script === undefined ? bin : `${bin}:${process.env.PATH}`)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  expect(await (await connect(pty.port)).write(Uint8Array.of(1), A_SECOND_MS)).toBe(true)
})

test('a port that this user may not use says what to do (field row 12)', async () => {
  const pty = await startPty()
  chmodSync(realpathSync(pty.link), 0)
  // Root may do everything: then it is asked as nobody.
  const nobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const child = fileURLToPath(new URL('./open-child.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [child, pty.port], nobody)
  expect(JSON.parse(stdout)).toEqual({
    ok: false,
    detail: `port ${pty.port}: this user may not use it: install the udev rules (\`window24 doctor\` says how)`,
  })
})

test('a name that leads nowhere says that its device is not plugged in', async () => {
  const link = join(folder(), 'usb-reader')
  symlinkSync('../../ttyUSB7', link)
  expect(await refusal(`serial:${link}?baud=9600`)).toBe(
    `port serial:${link}?baud=9600: its device is not plugged in (the name leads nowhere)`,
  )
})

test('a name that is not there asks whether the device is plugged in', async () => {
  const detail = await refusal('serial:/dev/serial/by-id/usb-nobody?baud=9600')
  expect(detail).toContain('no such device: is it plugged in')
})

test.each([
  ['a file', (path: string) => writeFileSync(path, '')],
  ['a folder', (path: string) => mkdirSync(path)],
  ['a character device of another kind', (path: string) => symlinkSync('/dev/null', path)],
])('%s is told to be no serial device', async (_, make) => {
  const path = join(folder(), 'port')
  make(path)
  expect(await refusal(`serial:${path}?baud=9600`)).toContain('this is no serial device')
})

test('an opening that is called off leaves the port free', async () => {
  const pty = await startPty()
  const abort = new AbortController()
  const opening = openPort(pty.port, abort.signal)
  abort.abort()
  expect(await opening).toEqual({ ok: false, detail: expect.stringContaining('closed while opening') })
  let free = false
  for (let round = 0; !free && round < 50; round += 1) {
    const opened = await openPort(pty.port)
    if (opened.ok) await opened.link.close()
    free = opened.ok
  }
  expect(free).toBe(true)
})
