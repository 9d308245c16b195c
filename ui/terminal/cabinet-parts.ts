/** The places of a terminal where something goes in or comes out. */
export type CabinetPart = 'card' | 'code' | 'receipt' | 'a4'
