import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { setupCommand } from '../../../../device/technician/configuration/command.ts'
import { openVersions } from '../../../../device/technician/configuration/versions.ts'
import { loadSealingKeys, SEALING_KEYS_FILE } from '../../../../sync/hall/sealing-keys.ts'
import { loadIdentity } from '../../../../sync/identity.ts'
import { isPin } from '../../../../sync/protocol/staff-pin.ts'
import { PlantedMachine } from '../../../drivers/discovery/planted-machine.ts'
import { run as hall } from '../../../sync/hall/support/command.ts'
import { deviceJson, WINDOW_TOKEN } from '../../support/house.ts'

const PASSPHRASE = '夜窗 at window 12'
let folder: string
let machine: PlantedMachine
let passphrase: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'window24-setup-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  machine = new PlantedMachine()
  passphrase = join(folder, 'passphrase')
  writeFileSync(passphrase, `${PASSPHRASE}\r\nnot this\n`)
  writeFileSync(join(folder, 'device.json'), JSON.stringify(pad()))
})

const pad = (): object => deviceJson({ role: 'pad', hallUrl: 'http://127.0.0.1:9' })
const at = (name: string): string => join(folder, name)
const said = { out: '', errors: '' }
const heard = async (work: () => Promise<number>): Promise<number> => {
  Object.assign(said, { out: '', errors: '' })
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      said.out += String(text)
      return true
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said.errors += String(text)
      return true
    }),
  ]
  try {
    return await work()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
const setup = (...args: string[]): Promise<number> =>
  heard(() => setupCommand([...args, '--lang', 'en'], machine))
const from = (name: string): string[] => ['--config', at(`${name}.json`), '--data', at(name)]
const exported = async (): Promise<string> => {
  const file = at('one.w24setup')
  expect(await setup('export', ...from('device'), '--out', file, '--passphrase-file', passphrase)).toBe(0)
  return file
}

describe('window24 setup', () => {
  it('one file sets up one device after another, apart from name, window and keys', async () => {
    const file = await exported()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).not.toContain(WINDOW_TOKEN)
    // Written on another system, it is the same passphrase.
    writeFileSync(passphrase, PASSPHRASE)
    for (const number of ['3', '4']) {
      const own = ['--name', `window ${number}`, '--window', number]
      expect(await setup('import', file, ...from(number), ...own, '--passphrase-file', passphrase)).toBe(0)
      expect(said.out).toMatch(/^imported as version 1; changed:\n/)
      expect(JSON.parse(readFileSync(at(`${number}.json`), 'utf8'))).toEqual({
        ...pad(),
        device: { name: `window ${number}`, window: number },
        hall: { url: 'http://127.0.0.1:9' },
      })
    }
    expect(said.out + said.errors).not.toContain(WINDOW_TOKEN)
  })

  it('an import over what stands keeps name and window, lists the places, and can be undone', async () => {
    const file = await exported()
    const before = {
      ...pad(),
      device: { name: 'window 9', window: '9' },
      screen: { listen: '127.0.0.1:0', diagonalInches: 8 },
    }
    writeFileSync(at('nine.json'), JSON.stringify(before))
    expect(await setup('import', file, ...from('nine'), '--passphrase-file', passphrase)).toBe(0)
    expect(said.out).toMatch(
      /^imported as version 2; changed:\n {2}screen\.diagonalInches\nThere is no PIN .+\nA device that runs takes it up when it is started anew\.\n$/,
    )
    const versions = openVersions(at('nine'), at('nine.json'))
    expect(versions.list()[0]).toMatchObject({ number: 2, why: 'imported' })
    expect(versions.at(versions.before() ?? 0)).toEqual(before)
    expect(await setup('import', file, ...from('nine'), '--passphrase-file', passphrase)).toBe(0)
    expect(said.out).toMatch(/^it says what stands here already/)
  })

  it('goes into a folder under a name of its own, and over no other file', async () => {
    const args = ['export', ...from('device'), '--out', folder, '--passphrase-file', passphrase]
    expect(await setup(...args)).toBe(0)
    const [name = ''] = readdirSync(folder).filter((one) => one.endsWith('.w24setup'))
    expect(name).toMatch(/^window24-pad-\d{4}-\d\d-\d\d\.w24setup$/)
    expect(await setup(...args)).toBe(2)
    expect(said.errors).toContain('is there already')
  })

  it('for the hall alone is opened there and sealed anew to a passphrase', async () => {
    const { current } = loadSealingKeys(at(SEALING_KEYS_FILE), true, new Date())
    expect(await setup('export', ...from('device'), '--out', at('hall.w24setup'), '--for-hall')).toBe(1)
    expect(said.errors).toContain('this device is not enrolled')
    loadIdentityIn('device').enrol('T-0571-0001', current)
    expect(await setup('export', ...from('device'), '--out', at('hall.w24setup'), '--for-hall')).toBe(0)
    const own = ['--name', 'window 5', '--window', '5', '--passphrase-file', passphrase]
    expect(await setup('import', at('hall.w24setup'), ...from('five'), ...own)).toBe(1)
    expect(said.errors).toContain('window24 hall setup-open')
    const open = (file: string, out: string) =>
      hall('setup-open', at(file), '--out', at(out), '--passphrase-file', passphrase, '--data', folder)
    expect(await open('hall.w24setup', 'open.w24setup')).toMatchObject({
      code: 0,
      out: expect.stringContaining('the configuration of the pad "test pad"'),
    })
    expect(await setup('import', at('open.w24setup'), ...from('five'), ...own)).toBe(0)
    expect(await open('hall.w24setup', 'open.w24setup')).toMatchObject({ code: 2 })
    expect(await open('open.w24setup', 'x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('opens with its passphrase'),
    })
  })

  it.each([
    ['a wrong passphrase', (file: string) => file, 'other words here', 'the passphrase is not the one'],
    ['a file cut in half', (file: string) => file.slice(0, file.length / 2), PASSPHRASE, 'is not whole'],
    ['a damaged file', (file: string) => file.replace('.', '.A'), PASSPHRASE, 'is damaged'],
    ['another file', () => 'holiday picture', PASSPHRASE, 'is no configuration file'],
  ])('%s is told and changes nothing', async (_what, change, words, told) => {
    const file = await exported()
    writeFileSync(file, change(readFileSync(file, 'utf8')))
    writeFileSync(passphrase, words)
    const own = ['--name', 'window 3', '--window', '3', '--passphrase-file', passphrase]
    expect(await setup('import', file, ...from('three'), ...own)).toBe(1)
    expect(said.errors).toContain(told)
    expect(readdirSync(folder)).not.toContain('three.json')
  })

  it('a file for another role is told with its place', async () => {
    const file = await exported()
    writeFileSync(
      at('hall.json'),
      JSON.stringify(deviceJson({ role: 'terminal', hallUrl: 'http://127.0.0.1:9' })),
    )
    const own = ['--name', 'x', '--window', '1', '--passphrase-file', passphrase]
    expect(await setup('import', file, ...from('hall'), ...own)).toBe(1)
    expect(said.errors).toContain('role: this file is for a pad, and this is a terminal')
  })

  it.each([
    [[], '"export" or "import" is missing'],
    [['mend'], 'not "mend"'],
    [['export', '--data', 'd'], '--config FILE is needed'],
    [['export', '--config', 'c'], '--data DIR is needed'],
    [['export', '--config', 'c', '--data', 'd'], '--out FILE is needed'],
    [['export', '--config', 'c', '--data', 'd', '--out', 'o'], 'always sealed'],
    [
      ['export', '--config', 'c', '--data', 'd', '--out', 'o', '--for-hall', '--passphrase-file', 'p'],
      'only one',
    ],
    [['export', '--config', 'c', '--data', 'd', '--out', 'o', '--passphrase', 'secret'], '--passphrase'],
    [['import', '--config', 'c', '--data', 'd'], 'FILE is missing'],
    [['import', 'f', 'g', '--config', 'c', '--data', 'd'], 'one FILE'],
    [['import', 'f', '--config', 'c', '--data', 'd'], '--passphrase-file F is needed'],
  ])('used wrongly (%j) says how and exits with 2', async (args, told) => {
    expect(await setup(...args)).toBe(2)
    expect(said.errors).toContain(told)
    expect(said.errors).toContain('window24 setup export --config FILE')
  })

  it('brings the PIN of a device that nobody has stood at, once, and says so where there is none', async () => {
    const file = await exported()
    const own = [...from('5'), '--name', 'window 5', '--window', '5', '--passphrase-file', passphrase]
    const pinFile = at('pin')
    const giving = async (pin: string): Promise<number> => {
      writeFileSync(pinFile, `${pin}\n`)
      return await setup('import', file, ...own, '--pin-file', pinFile)
    }
    expect(await giving('123456')).toBe(2)
    expect(said.errors).toContain('a PIN is 6 to 12 digits')
    expect(readdirSync(folder)).not.toContain('5.json')
    expect(await setup('import', file, ...own)).toBe(0)
    expect(said.out).toContain('There is no PIN for /setup/ yet')

    expect(await giving('482915')).toBe(0)
    expect(said.out).toContain('The PIN for /setup/ is set.')
    const kept = () => JSON.parse(readFileSync(at('5/technician.json'), 'utf8')).pin
    expect(await isPin('482915', kept())).toBe(true)
    expect(statSync(at('5/technician.json')).mode & 0o777).toBe(0o600)
    const { waiting } = JSON.parse(readFileSync(at('5/technician-facts.json'), 'utf8'))
    expect(waiting).toMatchObject([{ fact: { fact: 'pin', how: 'set' } }])

    const before = kept()
    expect(await giving('730916')).toBe(0)
    expect(said.out).toContain('stays')
    expect(kept()).toBe(before)
    expect(said.out + said.errors).not.toMatch(/482915|730916/)
  })

  it('asks for the name and the window of a bare device, and for 8 characters of a passphrase', async () => {
    const file = await exported()
    const sealed = ['--passphrase-file', passphrase]
    expect(await setup('import', file, ...from('three'), ...sealed)).toBe(2)
    expect(said.errors).toContain('--name N is needed')
    expect(await setup('import', file, ...from('three'), ...sealed, '--name', 'window 3')).toBe(2)
    expect(said.errors).toContain('--window W is needed')
    writeFileSync(passphrase, 'seven77')
    expect(await setup('export', ...from('device'), '--out', at('x'), ...sealed)).toBe(2)
    expect(said.errors).toContain('8 to 128 characters')
  })

  it('speaks Chinese where it is asked to', async () => {
    expect(await heard(() => setupCommand(['--help', '--lang', 'zh'], machine))).toBe(0)
    expect(said.out).toContain('把设备的配置导出成加密文件')
    expect(await heard(() => setupCommand(['export', '--lang', 'zh'], machine))).toBe(2)
    expect(said.errors).toContain('要写 --config FILE')
  })
})

const loadIdentityIn = (name: string) => {
  openVersions(at(name), at(`${name}.json`))
  return loadIdentity(at(name))
}
