/**
 * {@code ./lariat bench}: what the kernel costs, each figure beside a floor measured in the same
 * run.
 */
@org.jspecify.annotations.NullMarked
package dev.lariat.cli.bench;
