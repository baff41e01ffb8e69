/** Something, and the tenant it belongs to. */
export type OfTenant<T> = T & { readonly tenant: string }
