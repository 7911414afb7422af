// A daemon, as far as its build is concerned.
package main

import "fmt"

var revision string

func main() {
	fmt.Println("Started; nothing to do.")
}
