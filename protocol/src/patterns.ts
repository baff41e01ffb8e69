const ID = '[0-7][0-9A-HJKMNP-TV-Z]{25}'

interface Pattern {
  readonly pattern: string
  /** The rule in words, for error messages: a regular expression says nothing to people. */
  readonly rule: string
}

/** Patterns of strings with a fixed format. */
export const PATTERNS = {
  id: { pattern: `^${ID}$`, rule: 'must be an id as the server gives them: a ULID, 26 digits and capital letters' },
  topic: {
    pattern: `^(library|(video|visual|chat|job)/${ID})$`,
    rule: 'must be library, video/<id>, visual/<id>, chat/<id> or job/<id>, the id being a ULID',
  },
  timestamp: {
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
    rule: 'must be a time in UTC such as 2026-11-23T09:30:00.000Z',
  },
  /** https://www.w3.org/TR/trace-context/#traceparent-header: neither version ff nor an id of zeros is valid. */
  traceparent: {
    pattern: '^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$',
    rule: 'must be a W3C traceparent such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  },
  frameType: {
    pattern: '^[a-z]+(\\.[a-z_]+)?$',
    rule: 'must be a name such as ping or video.list: lower-case letters and at most one dot',
  },
  tenant: {
    pattern: '^[a-z0-9][a-z0-9_-]{0,62}$',
    rule: 'must be 1 to 63 lower-case letters, digits, _ and -, beginning with a letter or digit',
  },
  countName: { pattern: '^[a-z][A-Za-z]*$', rule: 'must be letters, beginning with a lower-case one' },
} as const satisfies Record<string, Pattern>
