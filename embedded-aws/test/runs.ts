// How often a property is tried: in `npm test` seldom, and by `npm run test:inputs` PROPERTY_RUNS times as often.
export const runs = (few: number): number => few * Number(process.env["PROPERTY_RUNS"] ?? 1);
