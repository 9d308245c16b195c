/** When the faults stop: everything drains, and every fact that was ever made is accounted for. */
import { parseSequence } from '../../../sync/protocol/identifiers.ts'
import { placeOf } from '../line/pair.ts'
import type { World } from './world.ts'

export interface Ending {
  captured: number
  delivered: number
  setAside: number
  /** Older than the 30 days that a device keeps them for a hall that lost its own: told by verify. */
  told: number
}

/** @throws Error when a fact is lost, doubled, changed, or missing without being told */
export async function endsWell(world: World): Promise<Ending> {
  await world.free()
  await world.raiseQuota()
  await world.deliver([])
  const refused = world.counts.refused
  // A hall that was restored learns of its holes from the next batch.
  world.capture(1, 'rating')
  if (world.counts.refused > refused)
    throw new Error('a rating was refused with room on the disk and in the quota')
  await world.deliver([])
  const head = world.device.outbox.head()
  const last = head === null ? 0 : parseSequence(head.sequence)
  const stored = await world.atHall()
  const aside = world.setAside()
  const kept = world.kept()
  const { faults, setAside } = await world.report()

  for (const [place, hash] of stored) {
    const own = world.acknowledged.get(place) ?? kept.get(place)
    if (own !== undefined && own !== hash) throw new Error(`${place} is another at the hall`)
  }
  const told = new Set<string>()
  for (const { kind, epoch, first, last: end } of faults) {
    if (kind !== 'missing' || epoch === null || first === null || end === null)
      throw new Error(`verify: ${JSON.stringify(faults)}`)
    for (let sequence = first; sequence <= end; sequence += 1) told.add(placeOf(epoch, sequence))
  }
  for (let sequence = 1; sequence <= last; sequence += 1) {
    const place = placeOf(1, sequence)
    const places = [stored.has(place), aside.has(place), told.has(place)].filter(Boolean).length
    // A hole in which one event was set aside is told whole, once its neighbours are gone for good.
    if (places === 2 && aside.has(place) && told.has(place)) continue
    if (places !== 1)
      throw new Error(`${place} is in ${places} places: ${JSON.stringify({ faults, aside: [...aside] })}`)
    if (told.has(place) && kept.has(place))
      throw new Error(`${place} is still on the device and was not fetched again`)
    if (aside.has(place) && world.acknowledged.has(place))
      throw new Error(`${place} is sound and was set aside`)
  }
  for (const place of world.newer)
    if (stored.has(place)) throw new Error(`${place} is of no known type and stored`)
  if (setAside > aside.size)
    throw new Error(`the hall knows of ${setAside} set aside, the device of ${aside.size}`)
  return { captured: last, delivered: stored.size, setAside: aside.size, told: told.size }
}
