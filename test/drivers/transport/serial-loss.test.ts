import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SerialPort } from 'serialport'
import { expect, onTestFinished, test, vi } from 'vitest'
import { until } from '../support.ts'
import { connect, refusal } from './connect.ts'
import { startPty } from './pty.ts'

const A_SECOND_MS = 1000

test('a serial line that is pulled while nothing is said is over at once (field row 1)', async () => {
  const pty = await startPty()
  const connection = await connect(pty.port)
  await pty.vanish()
  expect(await connection.closed).toEqual({ cause: 'error', detail: 'the device was unplugged' })
  expect(await connection.write(Uint8Array.of(1), A_SECOND_MS)).toBe(false)
})

test('a serial line that is pulled in the instant in which it is read is over all the same', async () => {
  for (let round = 0; round < 4; round += 1) {
    const pty = await startPty()
    const { peer } = pty
    const connection = await connect(pty.port)
    let heard = 0
    connection.onData((chunk) => {
      heard += chunk.length
    })
    const flood = Buffer.alloc(1 << 16)
    const pour = (): void => {
      while (!peer.destroyed && peer.write(flood));
    }
    peer.on('drain', pour)
    pour()
    await until('bytes are flowing', () => heard > 1 << 17)
    await pty.vanish()
    expect((await connection.closed).cause).toBe('error')
  }
})

test('a serial line that is pulled in the middle of a frame is over, and the half is all that was heard', async () => {
  const pty = await startPty()
  const connection = await connect(pty.port)
  const heard: number[] = []
  connection.onData((chunk) => heard.push(...chunk))
  pty.peer.write(Uint8Array.of(1, 2, 3))
  await until('half the frame is here', () => heard.length === 3)
  await pty.vanish()
  await connection.closed
  expect(heard).toEqual([1, 2, 3])
})

test('a serial line that is pulled while it is written to ends the write before its deadline', async () => {
  const pty = await startPty()
  const connection = await connect(pty.port)
  pty.peer.pause()
  const writing = connection.write(new Uint8Array(4 << 20), 20_000)
  let settled = false
  void writing.then(() => {
    settled = true
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(settled).toBe(false)
  await pty.vanish()
  expect(await writing).toBe(false)
  expect((await connection.closed).cause).toBe('error')
})

test('a device that comes back under another name is found behind the same one (field row 4)', async () => {
  const pty = await startPty()
  const before = realpathSync(pty.link)
  const first = await connect(pty.port)
  await pty.vanish()
  await first.closed
  expect(await refusal(pty.port)).toContain('no such device')
  await pty.comeBack()
  expect(realpathSync(pty.link)).not.toBe(before)
  const second = await connect(pty.port)
  const heard: number[] = []
  second.onData((chunk) => heard.push(...chunk))
  pty.peer.write(Uint8Array.of(7))
  await until('the new device is heard', () => heard.length === 1)
})

test.each([
  ['pulled', (link: string) => rmSync(link)],
  [
    'replaced by another',
    (link: string, other: string) => {
      rmSync(link)
      symlinkSync(other, link)
    },
  ],
])('a serial line that is %s while it is being opened is told to be gone', async (_, pull) => {
  const [pty, other] = [await startPty(), await startPty()]
  const real = SerialPort.prototype.open
  // It is pulled in the instant in which it is open, before anybody could look after it.
  const open = vi.spyOn(SerialPort.prototype, 'open').mockImplementation(function (this: SerialPort, done) {
    real.call(this, (error) => {
      pull(pty.link, other.link)
      done?.(error)
    })
  })
  onTestFinished(() => open.mockRestore())
  const connection = await connect(pty.port)
  expect(await connection.closed).toEqual({ cause: 'error', detail: 'the device was unplugged' })
})

test('a name that is given to another device ends the connection to the old one', async () => {
  const [old, next] = [await startPty(), await startPty()]
  const folder = mkdtempSync(join(tmpdir(), 'serial-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const link = join(folder, 'usb-reader')
  symlinkSync(old.link, link)
  const connection = await connect(`serial:${link}?baud=9600`)
  rmSync(link)
  symlinkSync(next.link, link)
  expect(await connection.closed).toEqual({ cause: 'error', detail: 'the device was unplugged' })
})
