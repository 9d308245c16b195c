/** A terminal at the demonstration hall, with whoever's card lies on its reader. */
import { randomUUID } from 'node:crypto'
import people from '../../../../sync/hall/demo/people.json' with { type: 'json' }
import { type SealPurpose, seal } from '../../../../sync/protocol/sealing.ts'
import type { Reply, TestDevice, TestHall } from '../helpers.ts'

export type DemoName = 'zhang' | 'wang' | 'ouyang' | 'shen' | 'guli'

export function personOf(id: DemoName): (typeof people)[number] {
  const person = people.find((one) => one.id === id)
  if (person === undefined) throw new Error(`nobody is called ${id}`)
  return person
}

export interface Sealing {
  by?: DemoName
  purpose: SealPurpose
  device?: string
  ageMs?: number
}

export async function sealed(hall: TestHall, device: TestDevice, sealing: Sealing): Promise<string> {
  const { name, number } = personOf(sealing.by ?? 'zhang')
  const user = { type: '1', name, idType: '111', idNumber: number, phone: null }
  const at = new Date(hall.clock.now().getTime() - (sealing.ageMs ?? 0))
  return await seal(
    { purpose: sealing.purpose, device: sealing.device ?? device.deviceId, user },
    device.sealingKey,
    at,
  )
}

export function post(
  device: TestDevice,
  path: string,
  body: object,
  key: string = randomUUID(),
): Promise<Reply> {
  return device.ask({ method: 'POST', path, body, idempotencyKey: key })
}
