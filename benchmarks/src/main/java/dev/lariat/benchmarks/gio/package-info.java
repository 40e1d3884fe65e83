/** What awaiting an operation of GIO costs. */
@org.jspecify.annotations.NullMarked
package dev.lariat.benchmarks.gio;
