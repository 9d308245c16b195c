/** What this house uses of the message codec; it ships without types. */
declare module '@sealsystems/ipp' {
  type Attributes = Record<string, unknown>
  type Group = Attributes | Attributes[]

  interface Message {
    version?: string
    operation?: string
    statusCode?: string
    id?: number
    'operation-attributes-tag'?: Group
    'job-attributes-tag'?: Group
    'printer-attributes-tag'?: Group
  }

  const ipp: {
    /** Throws on some messages that are no IPP, and never comes back from others. */
    parse(bytes: Buffer): Message
    /** Leaves out, without a word, what its tables do not know. */
    serialize(message: Message): Buffer
    attributes: Record<string, Record<string, { type: string; tag: number } | undefined> | undefined>
  }

  export = ipp
}
