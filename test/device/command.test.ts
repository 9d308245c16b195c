import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deviceCommand } from '../../device/command.ts'
import { exitOf, forkDevice, messageOf } from './support/device-process.ts'
import { deviceJson, temporaryFolder } from './support/house.ts'
import { SILENT } from './support/silent.ts'

let parts: AsyncDisposableStack
let folder: string
let config: string

beforeEach(async () => {
  parts = new AsyncDisposableStack()
  folder = await temporaryFolder(parts)
  config = join(folder, 'device.json')
  await writeFile(config, JSON.stringify(deviceJson({ role: 'pad', hallUrl: 'http://127.0.0.1:9' })))
})
afterEach(() => parts.disposeAsync())

const run = (args: string[]) => {
  const child = forkDevice(args)
  parts.defer(() => void child.kill('SIGKILL'))
  const said = { out: '', errors: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    said.out += chunk.toString('utf8')
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    said.errors += chunk.toString('utf8')
  })
  return { child, said }
}

/** What this process itself says meanwhile. */
const listenTo = (name: 'stdout' | 'stderr'): (() => string) => {
  const spy = vi.spyOn(process[name], 'write').mockReturnValue(true)
  parts.defer(() => spy.mockRestore())
  return () => spy.mock.calls.map(([text]) => String(text)).join('')
}

describe('window24 device', () => {
  it('explains itself', async () => {
    const said = listenTo('stdout')
    expect(await deviceCommand(['--help'], SILENT)).toBe(0)
    expect(said()).toContain('window24 device --config FILE --data DIR [--listen HOST:PORT] [--setup]')
  })

  it.each([
    [[]],
    [['--config', 'x']],
    [['--data', 'x']],
    [['--config', 'x', '--data', 'y', '--fast']],
    [['now']],
  ])('used wrongly (%j) says how and exits with 2', async (args) => {
    const said = listenTo('stderr')
    expect(await deviceCommand(args, SILENT)).toBe(2)
    expect(said()).toMatch(/^window24 device: .+\n\nwindow24 device: a terminal or a pad/)
  })

  it('tells every fault of its configuration and exits with 1', async () => {
    await writeFile(
      config,
      JSON.stringify({ ...deviceJson({ role: 'pad', hallUrl: 'http://127.0.0.1:9' }), scren: {} }),
    )
    const { child, said } = run(['--config', config, '--data', join(folder, 'data')])
    expect(await messageOf(child)).toMatchObject({ ready: false, code: 'configuration' })
    expect(await exitOf(child)).toBe(1)
    expect(said.errors).toBe(`window24 device: ${config}: scren: unknown key; did you mean screen?\n`)
  })

  it('names a port that is taken', async () => {
    const other = createServer()
    const { promise, resolve } = Promise.withResolvers<void>()
    other.listen(0, '127.0.0.1', resolve)
    await promise
    parts.defer(() => void other.close())
    const { port } = other.address() as AddressInfo
    const device = {
      ...deviceJson({ role: 'pad', hallUrl: 'http://127.0.0.1:9' }),
      screen: { listen: `127.0.0.1:${port}` },
    }
    await writeFile(config, JSON.stringify(device))
    const { child } = run(['--config', config, '--data', join(folder, 'data')])
    expect(await messageOf(child)).toEqual({
      ready: false,
      code: 'port-taken',
      message: `screen.listen: 127.0.0.1:${port} is taken by another program; stop it or choose another port`,
    })
    expect(await exitOf(child)).toBe(1)
  })

  it('names a folder that cannot be used', async () => {
    await writeFile(join(folder, 'data'), 'a file')
    const { child } = run(['--config', config, '--data', join(folder, 'data')])
    expect(await messageOf(child)).toMatchObject({ ready: false, code: 'data-folder' })
    expect(await exitOf(child)).toBe(1)
  })

  const DAMAGED = 'not what it should be, and longer than a header of SQLite is: '.repeat(20)
  const damagedFolder = async (name: string): Promise<string> => {
    const data = join(folder, `data-${name}`)
    await mkdir(data, { mode: 0o700 })
    await writeFile(join(data, name), DAMAGED, { mode: 0o600 })
    return data
  }

  it('refuses a damaged identity and does not replace it', async () => {
    const data = await damagedFolder('identity.json')
    const { child, said } = run(['--config', config, '--data', data])
    expect(await messageOf(child)).toMatchObject({ ready: false, code: 'identity' })
    expect(await exitOf(child)).toBe(1)
    expect(said.errors.trim().split('\n')).toHaveLength(1)
    expect(await readFile(join(data, 'identity.json'), 'utf8')).toBe(DAMAGED)
  })

  it('sets a damaged store aside as it is and runs', async () => {
    const data = await damagedFolder('store.sqlite')
    const { child } = run(['--config', config, '--data', data])
    expect(await messageOf(child)).toMatchObject({ ready: true })
    const [aside = ''] = (await readdir(data)).filter((name) => name.startsWith('set-aside-'))
    expect(await readFile(join(data, aside, 'store.sqlite'), 'utf8')).toBe(DAMAGED)
  })

  it.each(['SIGTERM', 'SIGINT', 'disconnect'] as const)('stops cleanly on %s', async (how) => {
    const { child } = run(['--config', config, '--data', join(folder, 'data')])
    const message = await messageOf(child)
    expect(message).toEqual({
      ready: true,
      screenUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?key=/),
      windowUrl: expect.any(String),
    })
    if (how === 'disconnect') child.disconnect()
    else child.kill(how)
    expect(await exitOf(child)).toBe(0)
  })
})
