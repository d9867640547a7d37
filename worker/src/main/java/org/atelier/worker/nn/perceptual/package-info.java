/** How alike two pictures look (LPIPS), and what a bundle's reader sees in a picture: both on features of a VGG. */
@NullMarked
package org.atelier.worker.nn.perceptual;

import org.jspecify.annotations.NullMarked;
