import type { EventData } from '../../protocol/events.ts'
import { typeName } from '../../protocol/events.ts'
import type { Store } from '../store/store.ts'
import type { ProvinceProfile } from './profile-schema.ts'
import { type InProvinceWords, NOTHING_MORE, provinceRecord } from './record.ts'

/** Stands in for a citizen's own words: a preview opens nothing that is sealed. */
const SEALED = '[sealed]'

export type PreviewLine = { device: string; epoch: number; sequence: number } & InProvinceWords

/** What the province would be sent for each stored rating, in the order of each device's chain. */
export async function* previewRatings(store: Store, profile: ProvinceProfile): AsyncGenerator<PreviewLine> {
  const rating = typeName('rating')
  for (const { deviceId } of await store.devices()) {
    for await (const { type, epoch, sequence, text } of store.eventsOf(deviceId)) {
      if (type !== rating) continue
      // The schema was checked before this text was stored.
      const { data } = JSON.parse(text) as { data: EventData<'rating'> }
      const known = { ...NOTHING_MORE, comment: data.comment === null ? null : SEALED }
      yield { device: deviceId, epoch, sequence, ...provinceRecord(data, known, profile) }
    }
  }
}
