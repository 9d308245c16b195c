import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type MachineFiles, ownUserName } from '../../../drivers/page-printer/identity.ts'

interface Card {
  address: string
  bus?: 'pci' | 'usb'
  state?: 'up' | 'down'
  radio?: boolean
  /** sysfs-class-net: 0 is the card's own. */
  assigned?: string
}

/** As sysfs and /etc lie on a machine. */
function machine(cards: Record<string, Card>, machineId = ''): MachineFiles {
  const folder = mkdtempSync(join(tmpdir(), 'w24-machine-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const files = { cards: join(folder, 'net'), machineId: join(folder, 'machine-id') }
  if (machineId !== '') writeFileSync(files.machineId, `${machineId}\n`)
  mkdirSync(files.cards)
  for (const [name, { address, bus, state = 'up', radio = false, assigned = '0' }] of Object.entries(cards)) {
    const card = join(files.cards, name)
    mkdirSync(card)
    writeFileSync(join(card, 'address'), `${address}\n`)
    writeFileSync(join(card, 'operstate'), `${state}\n`)
    writeFileSync(join(card, 'addr_assign_type'), `${assigned}\n`)
    if (radio) mkdirSync(join(card, 'phy80211'))
    if (bus === undefined) continue
    const [device, subsystem] = [join(folder, `${name}-device`), join(folder, 'bus', bus)]
    mkdirSync(device)
    mkdirSync(subsystem, { recursive: true })
    symlinkSync(subsystem, join(device, 'subsystem'))
    symlinkSync(device, join(card, 'device'))
  }
  return files
}

const BUILT_IN: Card = { address: '02:00:5e:00:53:01', bus: 'pci' }
const LOOPBACK: Card = { address: '00:00:00:00:00:00' }

test('a machine has one name, whatever its network is doing', () => {
  const name = ownUserName(machine({ lo: LOOPBACK, eth0: BUILT_IN }))
  expect(name).toMatch(/^window24-[0-9a-f]{8}$/)
  const others: Record<string, Card>[] = [
    { eth0: { ...BUILT_IN, state: 'down' } },
    { enp3s0: BUILT_IN, docker0: { address: '02:42:ac:11:00:02' } },
    { eth0: BUILT_IN, wlan0: { address: '02:00:5e:00:53:09', bus: 'pci', radio: true, assigned: '3' } },
    { eth0: BUILT_IN, eth1: { address: '02:00:5e:00:53:00', bus: 'usb' } },
  ]
  for (const cards of others) expect(ownUserName(machine(cards))).toBe(name)
})

test('two machines with one disk have two names', () => {
  const [one, other] = [BUILT_IN, { ...BUILT_IN, address: '02:00:5e:00:53:02' }].map((eth0) =>
    ownUserName(machine({ eth0 }, '330099'.repeat(5))),
  )
  expect(one).not.toBe(other)
})

test('a machine without a card of its own goes by its machine-id, which is not told', () => {
  const id = '0123456789abcdef0123456789abcdef'
  const name = ownUserName(machine({ lo: LOOPBACK }, id))
  expect(ownUserName(machine({ eth0: { address: '02:42:ac:11:00:02' } }, id))).toBe(name)
  expect(ownUserName(machine({}, id.replaceAll('0', 'f')))).not.toBe(name)
  expect(id).not.toContain(name.slice('window24-'.length))
})
