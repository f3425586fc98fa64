/** Where kernels and tables get their off-heap memory from. Imports nothing of the project. */
@NullMarked
package io.arrowmill.codegen.memory;

import org.jspecify.annotations.NullMarked;
