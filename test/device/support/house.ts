/** A hall, and devices in front of it, each with its own folder; everything real but the people. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfiguration } from '../../../device/configuration.ts'
import { type Device, type DeviceOptions, startDevice } from '../../../device/device.ts'
import type { SimulatedCard } from '../../../drivers/simulators/id-reader.ts'
import { type Hall, startHall } from '../../../sync/hall/hall.ts'
import { SILENT } from './silent.ts'
import { shareTypesetter } from './typesetter.ts'

export const WINDOW_TOKEN = 'token-of-the-case-system'

export const temporaryFolder = async (parts: AsyncDisposableStack): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'window24-device-'))
  parts.defer(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export const startTestHall = async (parts: AsyncDisposableStack): Promise<Hall> => {
  const hall = await startHall({
    dataDir: await temporaryFolder(parts),
    listen: '127.0.0.1:0',
    demo: true,
    logger: SILENT,
  })
  parts.defer(() => hall.close())
  return hall
}

export interface TestDeviceOptions {
  role: 'terminal' | 'pad'
  hallUrl: string
  enrolmentCode?: string | null
  peripherals?: object
  dataDir: string
  more?: Partial<DeviceOptions>
}

/** As device.json holds it, on free ports. */
export const deviceJson = ({
  role,
  hallUrl,
  enrolmentCode,
  peripherals,
}: Omit<TestDeviceOptions, 'dataDir'>): object => ({
  role,
  device: { name: `test ${role}`, ...(role === 'pad' ? { window: '12' } : {}) },
  screen: { listen: '127.0.0.1:0' },
  ...(role === 'pad'
    ? {
        window: {
          listen: '127.0.0.1:0',
          tokens: [{ name: 'case system', token: WINDOW_TOKEN, origins: ['http://clerk.example'] }],
        },
      }
    : {}),
  hall: { url: hallUrl, enrolmentCode: enrolmentCode ?? null },
  peripherals: peripherals ?? {},
})

export const startTestDevice = async (options: TestDeviceOptions): Promise<Device> => {
  const parsed = parseConfiguration(deviceJson(options))
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'))
  return await startDevice({
    configuration: parsed.configuration,
    dataDir: options.dataDir,
    openScreen: true,
    logger: SILENT,
    documents: shareTypesetter,
    ...options.more,
  })
}

interface DemoPerson {
  id: string
  name: string
  sex: string
  ethnicGroup: string
  birth: string
  address: string
  number: string
  issuer: string
  validFrom: string
  validTo: string
}

/** The card of one of the demonstration hall's invented people. */
export const demoCard = async (id: string): Promise<SimulatedCard> => {
  const people: DemoPerson[] = JSON.parse(
    await readFile(new URL('../../../sync/hall/demo/people.json', import.meta.url), 'utf8'),
  )
  const person = people.find((one) => one.id === id)
  if (person === undefined) throw new Error(`the demonstration hall has no ${id}`)
  const { name, ethnicGroup, birth, address, number, issuer, validFrom, validTo } = person
  const sex = person.sex === '男' ? 'male' : 'female'
  return { name, sex, ethnicGroup, birth, address, number, issuer, validFrom, validTo }
}

/** The window's system. */
export const windowRequest = (
  device: Pick<Device, 'windowUrl'>,
  method: string,
  path: string,
  body?: object,
): Promise<Response> =>
  fetch(`${device.windowUrl}/window/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${WINDOW_TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
