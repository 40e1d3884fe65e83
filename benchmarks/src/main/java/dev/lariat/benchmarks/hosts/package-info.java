/**
 * What a loop costs that is a guest on a toolkit, beside what the toolkit's own means cost: {@code
 * ./lariat bench hosts frames}.
 */
@org.jspecify.annotations.NullMarked
package dev.lariat.benchmarks.hosts;
