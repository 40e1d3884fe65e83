/** What children cost. */
@org.jspecify.annotations.NullMarked
package dev.lariat.benchmarks.process;
