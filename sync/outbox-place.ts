/**
 * Where an event stands in its chain, as one number: epochs above, sequences within. SQLite appends rows in the
 * order of such a key at the cost of one page, and finds a range of them without an index.
 */

/** 2^40 events are 35,000 years of one a second; an epoch counts restored stores and stays below 2^13. */
const SEQUENCES_OF_AN_EPOCH = 2 ** 40
const EPOCHS = 2 ** 13

export const LAST_SEQUENCE = SEQUENCES_OF_AN_EPOCH - 1

/** Whether a store can have meant it: what a damaged one says may be any number. */
export function isPlace(epoch: number, sequence: number): boolean {
  const isWithin = (number: number, from: number, below: number): boolean =>
    Number.isInteger(number) && number >= from && number < below
  return isWithin(epoch, 1, EPOCHS) && isWithin(sequence, 0, SEQUENCES_OF_AN_EPOCH)
}

/** @throws RangeError beyond what a whole number of JavaScript holds */
export function placeOf(epoch: number, sequence: number): number {
  if (epoch >= EPOCHS || sequence >= SEQUENCES_OF_AN_EPOCH)
    throw new RangeError(`epoch ${epoch} sequence ${sequence} is beyond what a store counts`)
  return epoch * SEQUENCES_OF_AN_EPOCH + sequence
}

export function epochOf(place: number): number {
  return Math.floor(place / SEQUENCES_OF_AN_EPOCH)
}

export function sequenceOf(place: number): number {
  return place % SEQUENCES_OF_AN_EPOCH
}
