import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { installRules, RULES_FILE } from '../../../../device/technician/doctor/commands.ts'
import { PlantedMachine } from '../../../drivers/discovery/planted-machine.ts'
import { deviceJsonWith, visit } from './cabinet.ts'
import { decidedByUdev } from './udev.ts'

const rulesOf = async (machine: PlantedMachine, args: string[] = []): Promise<string> => {
  const { exit, text } = await visit(machine, ['--udev-rules', ...args])
  expect(exit).toBe(0)
  return text
}

/** A port of the mainboard; gives its node. */
const builtIn = (machine: PlantedMachine): string => {
  const folder = join(machine.sys, 'class', 'tty', 'ttyS1')
  machine.file(join(folder, 'type'), '4\n')
  symlinkSync('/', join(folder, 'device'))
  return machine.node('ttyS1', 4, 65, { mode: 0o600, gid: 0 })
}

test('by these rules the real udev gives readers and adapters to the group, and keeps others off them', async () => {
  const rules = await rulesOf(new PlantedMachine())
  const decided = decidedByUdev(rules, { adapter: '1A86:7523', hid: '2B8B:2721' })
  expect(decided.hidraw).toMatch(/99-window24.rules:\d+ GROUP 20\n/)
  expect(decided.hidraw).toMatch(/99-window24.rules:\d+ MODE 0660\n/)
  expect(decided.tty).toMatch(/99-window24.rules:\d+ GROUP 20\n/)
  expect(decided.usb).toMatch(/^ID_MM_DEVICE_IGNORE=1$/m)
  expect(decided.usb).not.toMatch(/^(SYSTEMD_WANTS|BRLTTY_BRAILLE_DRIVER)=./m)
  for (const said of Object.values(decided))
    expect(said).not.toMatch(/99-window24.rules:\d+ (Invalid|Unknown)/)
})

test('what is no reader and no adapter stays as it was', async () => {
  const rules = await rulesOf(new PlantedMachine())
  const decided = decidedByUdev(rules, { adapter: '2C7C:0125', hid: '046D:C31C' })
  expect(decided.hidraw).not.toContain('GROUP 20')
  expect(decided.usb).not.toContain('ID_MM_DEVICE_IGNORE')
  expect(decided.usb).toMatch(/^SYSTEMD_WANTS=brltty.service$/m)
})

test('with a configuration the rules cover its devices, though no profile knows their make', async () => {
  const machine = new PlantedMachine()
  const node = machine.serial({ vendorId: '1eab', productId: '8213', byId: 'usb-Newland', serialNumber: '1' })
  expect(node).toContain('ttyUSB0')
  const config = deviceJsonWith({
    idReader: { driver: 'sdt', profile: 'hid-raw', port: 'hid:1234:ABCD' },
    scanner: { driver: 'serial', port: `serial:${join(machine.dev, 'serial/by-id/usb-Newland')}?baud=9600` },
    receiptPrinter: { driver: 'escpos', profile: 'generic-80', port: `serial:${builtIn(machine)}?baud=9600` },
  })
  const rules = await rulesOf(machine, ['--config', config])
  expect(rules).toContain('SUBSYSTEM=="tty", KERNEL=="ttyS1", GROUP="dialout", MODE="0660"')
  expect(rules).toContain(`window24 doctor --config ${config} --udev-rules > `)
  const decided = decidedByUdev(rules, { adapter: '1EAB:8213', hid: '1234:ABCD' })
  expect(decided.hidraw).toContain('GROUP 20')
  expect(decided.usb).toMatch(/^ID_MM_DEVICE_IGNORE=1$/m)
})

test('the rules say themselves how they are installed: whole, or not at all', async () => {
  expect(await rulesOf(new PlantedMachine())).toContain(
    [
      '#   rules=$(mktemp) && window24 doctor --udev-rules > "$rules" && install -m 644 "$rules" /etc/udev/rules.d/99-window24.rules',
      '#   udevadm control --reload && udevadm trigger',
      '',
    ].join('\n'),
  )
})

test('typed when the doctor fails, the command that installs the rules leaves those that are there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [install] = installRules({ program: join(folder, 'window24'), isRoot: true }, null)
  const file = join(folder, 'installed')
  const type = (doctor: string) => {
    writeFileSync(join(folder, 'window24'), `#!/bin/sh\n${doctor}\n`, { mode: 0o755 })
    spawnSync('bash', ['-c', install?.command.replace(RULES_FILE, file) ?? '', '--'])
    return readFileSync(file, 'utf8')
  }
  writeFileSync(file, 'the good ones\n')
  expect(type('exit 1')).toBe('the good ones\n')
  expect(type('echo new ones')).toBe('new ones\n')
})

test('a configuration that cannot be read gives no rules instead of half of them', async () => {
  const { exit, text, errors } = await visit(new PlantedMachine(), [
    '--udev-rules',
    '--config',
    '/nowhere.json',
  ])
  expect({ exit, text }).toEqual({ exit: 1, text: '' })
  expect(errors).toContain('/nowhere.json')
})
