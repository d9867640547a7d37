/** How alike two pictures look (LPIPS), and what a bundle's reader sees in a picture: both on features of one backbone. */
@NullMarked
package org.atelier.worker.nn.perceptual;

import org.jspecify.annotations.NullMarked;
