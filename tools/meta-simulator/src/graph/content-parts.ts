import { z } from 'zod';

/** Parts that several kinds of messages have. */

export const text = (max: number) => z.string().min(1).max(max);
/** A key that Meta takes elsewhere. */
export const notHere = z.never({ error: 'is not allowed here' }).optional();
const httpUrl = z.url({ protocol: /^https?$/ });

/** One of `id` and `link`, and of the other keys of media those alone that are named. */
export const media = (more: z.ZodRawShape = {}) =>
  z
    .looseObject({
      id: z.string().min(1).optional(),
      link: httpUrl.optional(),
      caption: notHere,
      filename: notHere,
      voice: notHere,
      ...more,
    })
    .refine(({ id, link }) => id !== undefined || link !== undefined, {
      message: 'id or link is required',
      params: { missing: true },
    })
    .refine(({ id, link }) => id === undefined || link === undefined, {
      message: 'id and link cannot be given together',
    });

export const caption = { caption: z.string().max(1024).optional() };
export const filename = { filename: text(240).optional() };
export const link = httpUrl.max(2000);

export const location = z.looseObject({
  latitude: z.coerce.number().min(-90).max(90),
  longitude: z.coerce.number().min(-180).max(180),
  name: z.string().max(1000).optional(),
  address: z.string().max(1000).optional(),
});

/** Nothing is there twice. */
export const distinct = (all: readonly string[]): boolean => new Set(all).size === all.length;
