// How numbers are written, so that what stands on screen can be checked by hand.

export function written(value, decimals = 2) {
  const text = value.toFixed(decimals);
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short.replace("-", "−");
}

export const rounded = (value, decimals = 2) => Number(value.toFixed(decimals));

// "=" where the written terms really add up to the written result, "≈" where rounding shows.
export const equals = (exact, shown) => (Math.abs(exact - shown) < 1e-9 ? "=" : "≈");

// What a person typed: comma or point, any minus sign; null when it is no number.
export function typed(text) {
  const clean = text.trim().replace("−", "-").replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(clean) ? Number(clean) : null;
}
