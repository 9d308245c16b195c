import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { parseConfiguration } from '../../../../device/configuration.ts'
import { settledHere, withoutMachine } from '../../../../device/technician/configuration/contents.ts'
import { type Here, heldAgainst } from '../../../../device/technician/configuration/opening.ts'
import { socketsOf } from '../../../../device/technician/configuration/ports-here.ts'
import type { SetupPayload } from '../../../../sync/protocol/setup-file.ts'
import { PlantedMachine } from '../../../drivers/discovery/planted-machine.ts'
import { deviceJson, WINDOW_TOKEN } from '../../support/house.ts'

const HALL = 'http://127.0.0.1:9'
const byIdName = (serial: string): string => `usb-FTDI_Example_UART_${serial}-if00-port0`

let machine: PlantedMachine
beforeEach(() => {
  machine = new PlantedMachine()
})

const pad = (peripherals: object = {}): Record<string, unknown> => ({
  ...deviceJson({ role: 'pad', hallUrl: HALL, peripherals }),
})
const reader = (port: string) => ({ idReader: { driver: 'sdt', port } })
const payloadOf = (
  configuration: Record<string, unknown>,
  sockets: Record<string, string> = {},
): SetupPayload => ({
  role: configuration.role === 'terminal' ? 'terminal' : 'pad',
  from: 'window 1',
  at: '2026-11-22T16:00:00.000+08:00',
  software: 'window24 0.1.0',
  configuration,
  sockets,
})
const hereWith = (written: unknown): Here => {
  const parsed = parseConfiguration(written)
  return { written, servesAt: parsed.ok ? [parsed.configuration.screen.listen.port] : [], machine }
}
const held = (payload: SetupPayload, written: unknown = pad()) => heldAgainst(payload, hereWith(written))
const none = { name: null, window: null, withoutMissing: false }
const byId = (serial: string): string =>
  `serial:${join(machine.dev, 'serial/by-id', byIdName(serial))}?baud=115200`

describe('what a configuration file carries', () => {
  it('is everything but what belongs to one machine; the tokens of integrating systems go along', async () => {
    const written = { ...pad(), hall: { url: HALL, enrolmentCode: 'ABCDEFGHJK', pin: null } }
    const taken = await withoutMachine(written)
    expect(taken).toEqual({
      role: 'pad',
      screen: { listen: '127.0.0.1:0' },
      window: (written as { window?: object }).window,
      hall: { url: HALL, pin: null },
      peripherals: {},
    })
    expect(JSON.stringify(taken)).toContain(WINDOW_TOKEN)
    expect(written.hall.enrolmentCode).toBe('ABCDEFGHJK')
  })

  it('fifty devices are set up by one file, each with its own name and window', async () => {
    const taken = await withoutMachine(pad())
    for (let number = 1; number <= 50; number += 1) {
      const own = { name: `window ${number}`, window: String(number) }
      const settled = settledHere(taken, null, own)
      expect(settled).toEqual({ ...pad(), device: own, hall: { url: HALL } })
      expect(parseConfiguration(settled).ok).toBe(true)
    }
  })

  it('leaves the name, the window and the code of the hall that is meant as they are here', async () => {
    const here = { ...pad(), hall: { url: HALL, enrolmentCode: 'ABCDEFGHJK' } }
    const { next, opened } = await held(payloadOf(await withoutMachine(pad())), here)
    expect(next(none)).toEqual(here)
    expect(opened).toMatchObject({ changes: [], faults: [], missing: [], needs: [] })
    const moved = await withoutMachine({ ...pad(), hall: { url: 'http://127.0.0.1:10' } })
    expect((await held(payloadOf(moved), here)).next(none).hall).toEqual({ url: 'http://127.0.0.1:10' })
  })

  it('on a bare device asks for a name, and on a pad for its window', async () => {
    const taken = await withoutMachine(pad())
    const { next, opened } = await held(payloadOf(taken), null)
    expect(opened).toMatchObject({ faults: [], needs: ['name', 'window'] })
    expect(next({ name: 'window 3', window: '3', withoutMissing: false }).device).toEqual({
      name: 'window 3',
      window: '3',
    })
    const terminal = await withoutMachine({ ...deviceJson({ role: 'terminal', hallUrl: HALL }) })
    expect((await held(payloadOf(terminal), null)).opened.needs).toEqual(['name'])
  })
})

describe('a file that does not fit is not taken', () => {
  it('of another role', async () => {
    const terminal = await withoutMachine({ ...deviceJson({ role: 'terminal', hallUrl: HALL }) })
    const { opened } = await held(payloadOf(terminal))
    expect(opened.faults).toEqual([
      {
        code: 'other-role',
        place: 'role',
        detail: 'this file is for a terminal, and this is a pad: take the file of a pad',
      },
    ])
  })

  it('with keys that this software does not know', async () => {
    const taken = { ...(await withoutMachine(pad())), scren: {}, hall: { url: HALL, pinn: null } }
    expect((await held(payloadOf(taken))).opened.faults).toEqual([
      { code: 'unsound', place: 'hall.pinn', detail: 'unknown key; did you mean pin?' },
      { code: 'unsound', place: 'scren', detail: 'unknown key; did you mean screen?' },
    ])
  })

  it('with one port for two peripherals', async () => {
    machine.serial({ byId: byIdName('A1'), serialNumber: 'A1' })
    const twice = { ...reader(byId('A1')), scanner: { driver: 'serial', port: byId('A1') } }
    const { opened } = await held(payloadOf(await withoutMachine(pad(twice))))
    expect(opened.faults.map(({ place }) => place)).toContain('peripherals.scanner.port')
  })

  it('with a port that another program has open', async () => {
    const node = machine.serial({ byId: byIdName('A1'), serialNumber: 'A1' })
    machine.process('minicom', ['minicom'], [node])
    const { opened } = await held(payloadOf(await withoutMachine(pad(reader(byId('A1'))))))
    expect(opened.faults).toMatchObject([{ code: 'port-held', place: 'peripherals.idReader.port' }])
  })

  it('with an address that somebody else here serves at; its own address is no fault', async () => {
    const other = createServer()
    const { promise, resolve } = Promise.withResolvers<void>()
    other.listen(0, '127.0.0.1', resolve)
    await promise
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const taken = { ...(await withoutMachine(pad())), screen: { listen: `127.0.0.1:${port}` } }
    expect((await held(payloadOf(taken))).opened.faults).toMatchObject([
      { code: 'address-taken', place: 'screen.listen' },
    ])
    const own = { ...pad(), screen: { listen: `127.0.0.1:${port}` } }
    expect((await held(payloadOf(taken), own)).opened.faults).toEqual([])
  })

  it('and never tells a token in its faults', async () => {
    const taken = await withoutMachine(pad())
    const short = { ...taken, window: { tokens: [{ name: 'case system', token: 'short-secret' }] } }
    const { opened } = await held(payloadOf(short))
    expect(opened.faults).toMatchObject([{ code: 'unsound', place: 'window.tokens[0].token' }])
    expect(JSON.stringify(opened)).not.toContain('short-secret')
  })
})

describe('ports of another machine', () => {
  it('an adapter of that kind with another serial number is found by itself', async () => {
    machine.serial({ byId: byIdName('B22'), serialNumber: 'B22' })
    const { next, opened } = await held(payloadOf(await withoutMachine(pad(reader(byId('A1'))))))
    expect(opened).toMatchObject({ faults: [], missing: [] })
    expect(next(none).peripherals).toEqual(reader(byId('B22')))
  })

  it('of two of a kind the one in the same socket is meant', async () => {
    machine.serial({ byId: byIdName('B21'), serialNumber: 'B21', byPath: 'pci-usb-1' })
    machine.serial({ byId: byIdName('B22'), serialNumber: 'B22', byPath: 'pci-usb-2' })
    const socket = join(machine.dev, 'serial/by-path/pci-usb-2')
    const taken = await withoutMachine(pad(reader(byId('A1'))))
    expect((await held(payloadOf(taken, { idReader: socket }))).next(none).peripherals).toEqual(
      reader(byId('B22')),
    )
    // Without the socket it would be a guess.
    expect((await held(payloadOf(taken))).opened.missing).toEqual([{ name: 'idReader', port: byId('A1') }])
  })

  it('the sockets go along with the file', async () => {
    machine.serial({ byId: byIdName('A1'), serialNumber: 'A1', byPath: 'pci-usb-7' })
    expect(await socketsOf(pad(reader(byId('A1'))), machine)).toEqual({
      idReader: join(machine.dev, 'serial/by-path/pci-usb-7'),
    })
  })

  it('two peripherals never get one adapter, and another kind of adapter is none', async () => {
    machine.serial({ byId: byIdName('B22'), serialNumber: 'B22' })
    machine.serial({ byId: 'usb-1a86_USB_Serial_77-if00-port0', serialNumber: '77' })
    const both = { ...reader(byId('A1')), scanner: { driver: 'serial', port: byId('A2') } }
    const { next, opened } = await held(payloadOf(await withoutMachine(pad(both))))
    expect(opened.missing).toEqual([{ name: 'scanner', port: byId('A2') }])
    expect(next(none).peripherals).toEqual({
      ...reader(byId('B22')),
      scanner: { driver: 'serial', port: byId('A2') },
    })
    expect(next({ ...none, withoutMissing: true }).peripherals).toEqual(reader(byId('B22')))
  })

  it('what is not plugged in is told, and the rest can be taken without it', async () => {
    const { next, opened } = await held(payloadOf(await withoutMachine(pad(reader(byId('A1'))))))
    expect(opened).toMatchObject({ faults: [], missing: [{ name: 'idReader', port: byId('A1') }] })
    expect(next({ ...none, withoutMissing: true }).peripherals).toEqual({})
  })
})
