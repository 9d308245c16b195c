/** How the queue of the demonstration hall runs: windows, service times, when people come. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { BusinessTypeId, BusinessTypes } from '../../protocol/queue.ts'

const HalfHour = z.string().regex(/^([01]\d|2[0-3]):[03]0$/)

const QueuePlan = z.strictObject({
  /** People who come for a type of share 1, by half hour of the day. */
  halfHours: z.record(HalfHour, z.number().min(0)),
  types: z
    .array(
      z.strictObject({
        businessType: BusinessTypeId,
        windows: z.array(z.string().min(1)).min(1),
        serviceMinutes: z.number().min(1),
        share: z.number().min(0),
        /** The duty desk: by share alone, at every hour. */
        dayAndNight: z.boolean(),
      }),
    )
    .min(1),
})

export type QueueType = z.infer<typeof QueuePlan>['types'][number] & { name: string; area: string }

export interface DemoQueuePlan {
  halfHours: Readonly<Record<string, number>>
  types: readonly QueueType[]
}

/** @throws Error when the files of this product are not what they should be. */
export function readDemoQueue(folder: string): DemoQueuePlan {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const names = BusinessTypes.parse(read('business-types.json'))
  const { halfHours, types } = QueuePlan.parse(read('queue.json'))
  return {
    halfHours,
    types: types.map((type) => {
      const known = names.find(({ businessType }) => businessType === type.businessType)
      if (known === undefined) throw new Error(`nobody named business type ${type.businessType}`)
      return { ...type, name: known.name, area: known.area }
    }),
  }
}
