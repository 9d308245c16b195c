import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Wire, type WireOptions } from '../../../drivers/simulators/wire.ts'
import { openPort } from '../../../drivers/transport/open-port.ts'
import { closing, until } from '../support.ts'

interface Listening extends WireOptions {
  attached?: () => void
  data?: (chunk: Uint8Array) => void
}

async function workshop(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'window24-pty-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function listen(path: string, listening: Listening = {}): Promise<Wire> {
  const { attached = () => {}, data = () => {}, ...options } = listening
  const end = { attached, data, detached: () => {} }
  const wire = await Wire.listen(`pty:${path}`, end, options)
  closing({ close: () => wire.unplug() })
  return wire
}

test('the stable name is given to drivers, with the speed that is asked for', async () => {
  const path = join(await workshop(), 'reader')
  const wire = await listen(path)
  expect(wire.port).toBe(`serial:${path}?baud=115200`)
  expect(readlinkSync(path)).toMatch(/^\/dev\/pts\/\d+$/)
  await wire.unplug()
  expect((await listen(path, { baud: 9600 })).port).toBe(`serial:${path}?baud=9600`)
})

test('it is raw and silent for a program that sets nothing of it', async () => {
  const path = join(await workshop(), 'reader')
  let drivers = 0
  let echoed = 0
  const wire = await listen(path, {
    attached: () => {
      drivers += 1
    },
    data: (chunk) => {
      echoed += chunk.length
    },
  })
  const cat = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    cat.kill()
  })
  const heard: Buffer[] = []
  cat.stdout.on('data', (chunk: Buffer) => heard.push(chunk))
  await until('the opening is seen', () => drivers === 1)
  // Interrupt, end, return, newline, flow control and backspace mean something to a terminal that is not raw.
  const controls = Buffer.of(0x03, 0x04, 0x0d, 0x0a, 0x11, 0x13, 0x7f, 0x1a, 0xff, 0x00)
  wire.send(controls)
  await until('all of it is heard', () => Buffer.concat(heard).length >= controls.length)
  expect(Buffer.concat(heard)).toEqual(controls)
  expect(echoed).toBe(0)
})

test('what comes back has another name behind the same stable name', async () => {
  const path = join(await workshop(), 'reader')
  const wire = await listen(path)
  let before = readlinkSync(path)
  for (let round = 0; round < 5; round += 1) {
    await wire.unplug()
    await wire.plug()
    expect(readlinkSync(path)).not.toBe(before)
    before = readlinkSync(path)
  }
})

test('an unplugged adapter leaves neither its name nor the folders that were made for it', async () => {
  const folder = await workshop()
  const path = join(folder, 'serial', 'by-id', 'reader')
  const wire = await listen(path)
  expect(existsSync(path)).toBe(true)
  await wire.unplug()
  expect(readdirSync(folder)).toEqual([])
})

test('a folder that holds the name of another adapter stays', async () => {
  const folder = join(await workshop(), 'by-id')
  const first = await listen(join(folder, 'reader'))
  await listen(join(folder, 'printer'))
  await first.unplug()
  expect(readdirSync(folder)).toEqual(['printer'])
})

test('the name is there all the time while a driver closes and opens again', async () => {
  const path = join(await workshop(), 'reader')
  let drivers = 0
  const wire = await listen(path, {
    attached: () => {
      drivers += 1
    },
  })
  let missing = 0
  const looking = setInterval(() => {
    if (!existsSync(path)) missing += 1
  }, 1)
  onTestFinished(() => clearInterval(looking))
  for (let round = 0; round < 5; round += 1) {
    const before = readlinkSync(path)
    const opened = await openPort(wire.port)
    if (!opened.ok) throw new Error(opened.detail)
    await until('the opening is seen', () => drivers > round)
    await opened.link.close()
    await until('the next terminal has taken over', () => readlinkSync(path) !== before)
  }
  expect(missing).toBe(0)
})

test('the name of a simulator that was killed is taken over', async () => {
  const path = join(await workshop(), 'reader')
  await symlink('/dev/pts/999999', path)
  await listen(path)
  expect(readlinkSync(path)).not.toBe('/dev/pts/999999')
})

test('a name that may be a real device is never taken', async () => {
  const folder = await workshop()
  const file = join(folder, 'file')
  await writeFile(file, 'kept')
  await expect(listen(file)).rejects.toThrow(`${file} is there already and is no simulator's`)
  expect(readFileSync(file, 'utf8')).toBe('kept')
  const link = join(folder, 'link')
  await symlink('/dev/null', link)
  await expect(listen(link)).rejects.toThrow(`${link} leads to /dev/null, which is in use`)
  expect(readlinkSync(link)).toBe('/dev/null')
})

test('without socat it says which Debian package is missing, and leaves nothing behind', async () => {
  const folder = await workshop()
  const bin = join(folder, 'bin')
  await mkdir(bin)
  await symlink('/usr/bin/setpriv', join(bin, 'setpriv'))
  const path = join(folder, 'by-id', 'reader')
  for (const search of [bin, join(folder, 'nothing')]) {
    vi.stubEnv('PATH', search)
    await expect(listen(path).finally(() => vi.unstubAllEnvs())).rejects.toThrow(
      /^a pty needs the Debian packages socat and util-linux/,
    )
  }
  expect(readdirSync(folder)).toEqual(['bin'])
})

test('when the program is killed with -9, no socat outlives it', async () => {
  const path = join(await workshop(), 'reader')
  const module = pathToFileURL(join(import.meta.dirname, '../../../drivers/simulators/wire.ts')).href
  const program = `
    import { Wire } from '${module}'
    const nothing = () => {}
    await Wire.listen('pty:${path}', { attached: nothing, data: nothing, detached: nothing })
    console.log('up')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, TMPDIR: join(path, '..') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await once(child.stdout, 'data')
  const terminal = readlinkSync(path)
  // Its second terminal is waiting too: socat watches nothing but the terminal then.
  await until('both socats are there', () => socatsOf(path).length === 2)
  child.kill('SIGKILL')
  await until('none is left', () => socatsOf(path).length === 0)
  await until('the terminal is gone', () => !existsSync(terminal))
})

/** Living socat processes whose private folder lies beside `path`. */
function socatsOf(path: string): string[] {
  const beside = join(path, '..')
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      // A dead process that nobody has waited for has no command line any more.
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return words.startsWith('socat') && words.includes(`${beside}/`)
    } catch {
      return false
    }
  })
}
