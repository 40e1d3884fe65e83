/** What a task for each connection costs, beside raw Netty: {@code ./lariat bench echo}. */
@org.jspecify.annotations.NullMarked
package dev.lariat.benchmarks.net;
