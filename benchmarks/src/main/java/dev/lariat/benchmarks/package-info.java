/** What the kernel costs, beside the floor that the JDK sets; by JMH. */
@org.jspecify.annotations.NullMarked
package dev.lariat.benchmarks;
